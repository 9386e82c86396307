using Cqrs.Routing.TestServers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Application;

/// <summary>One of the processes behind a load balancer: services of its own, and the keys that all share.</summary>
internal static class ApplicationInstance
{
    /// <summary>Two instances. What one signs, the other can read; that is all they have in common.</summary>
    public static IReadOnlyList<ServiceProvider> StartTwo(PostgresDatabase database, bool replica, Action<ReplicaOptions>? configure = null)
    {
        var keys = new EphemeralDataProtectionProvider();
        return [Start(keys, services => services.AddDbContext<LoadContext>(Configure)), Start(keys, services => services.AddDbContextPool<LoadContext>(Configure))];

        void Configure(DbContextOptionsBuilder options) => options.UseNpgsql(database.Primary).UseReplica(replica ? database.Replica : null, configure);
    }

    /// <summary>One instance.</summary>
    public static ServiceProvider Start(IDataProtectionProvider keys, Action<IServiceCollection> addContext)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<LoadContext>());
        services.AddRoutingBehavior();
        services.AddSingleton(keys);
        addContext(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
