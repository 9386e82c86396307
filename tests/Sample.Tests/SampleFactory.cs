using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api;
using Sample.Infrastructure.Replication;

namespace Sample.Tests;

/// <summary>The sample on two fresh SQLite files, without the tour.</summary>
public sealed class SampleFactory : WebApplicationFactory<Program>
{
    public IReplication Replication => Services.GetRequiredService<IReplication>();

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("Tour:AtStart", "false");
}
