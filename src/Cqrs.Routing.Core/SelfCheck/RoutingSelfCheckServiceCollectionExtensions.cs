using Cqrs.Routing;
using Cqrs.Routing.SelfCheck;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the proof that routing works.</summary>
public static class RoutingSelfCheckServiceCollectionExtensions
{
    /// <summary>Proves routing when the host starts, and writes a report to the log; the host does not start if there is an error in it (<see cref="RoutingSelfCheck"/>).</summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// Hosted services start in the order of their registration: call this after the one that migrates the database, if there is one. Without a host, ask
    /// <see cref="RoutingSelfCheck"/> for its report. Calling it twice is harmless.
    /// </remarks>
    public static IServiceCollection AddRoutingSelfCheck(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(new ServiceTypeCatalog(services));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISelfCheckStep, RequestTypesCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISelfCheckStep, DbContextsCheck>());
        services.TryAddSingleton(static provider => new RoutingSelfCheck(provider.GetServices<ISelfCheckStep>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SelfCheckHostedService>());
        return services;
    }
}
