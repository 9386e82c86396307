using Cqrs.Routing.Load.Application;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Servers;

/// <summary>Two processes behind a load balancer, configured as differently as they can be.</summary>
/// <remarks>Only one has interceptors: without, commands of LINQ go another way past the guard.</remarks>
internal static class ChaosInstances
{
    public static IReadOnlyList<ServiceProvider> Start(ChaosServers servers, ReplicaWrites watch, bool fallBack)
    {
        var keys = new EphemeralDataProtectionProvider();
        var (plain, retrying) = (servers.For("plain"), servers.For("retrying"));
        return
        [
            ApplicationInstance.Start(keys, services => services.AddDbContext<LoadContext>(options => options
                .UseNpgsql(plain.Primary)
                .UseReplica(plain.Replica, choices => choices.FallbackToPrimary = fallBack)
                .AddInterceptors(watch))),
            ApplicationInstance.Start(keys, services => services.AddDbContextPool<LoadContext>(options => options
                .UseNpgsql(retrying.Primary, npgsql => npgsql.EnableRetryOnFailure())
                .UseReplica(retrying.Replica, choices => (choices.FallbackToPrimary, choices.BreakDuration) = (fallBack, TimeSpan.FromMilliseconds(250))))),
        ];
    }
}
