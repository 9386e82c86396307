using Cqrs.Routing;
using Cqrs.Routing.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api;
using Sample.Infrastructure.Persistence;

namespace Sample.Tests.Replication;

/// <summary>The sample on a simulator: nothing in it knows, and the lag is the test's.</summary>
public sealed class LaggingSample : WebApplicationFactory<Program>
{
    public LagSimulator Lag { get; } = new();

    public RouteRecorder Routes => Services.GetRequiredService<RouteRecorder>();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Lag.Dispose();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Tour:AtStart", "false");
        // Databases of its own, so that the sample starts no replicator.
        builder.UseSetting("ConnectionStrings:Primary", Lag.Primary).UseSetting("ConnectionStrings:Replica", Lag.Replica);
        builder.ConfigureTestServices(services =>
        {
            services.ConfigureDbContext<SampleDbContext>(options => options.UseLagSimulator(Lag));
            services.AddRouteRecorder();
        });
    }
}
