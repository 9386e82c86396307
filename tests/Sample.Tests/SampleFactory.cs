using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api;
using Sample.Infrastructure.Replication;

namespace Sample.Tests;

/// <summary>The sample on two fresh SQLite files, without the tour.</summary>
public sealed class SampleFactory : WebApplicationFactory<Program>
{
    /// <summary>Its clients keep no cookies, so that each request is a stranger's and sees the replica as it is.</summary>
    public SampleFactory() => ClientOptions.HandleCookies = false;

    public IReplication Replication => Services.GetRequiredService<IReplication>();

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("Tour:AtStart", "false");
}
