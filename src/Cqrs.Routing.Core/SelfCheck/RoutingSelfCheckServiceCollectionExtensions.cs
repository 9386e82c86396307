using Cqrs.Routing;
using Cqrs.Routing.SelfCheck;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the self-check of routing.</summary>
public static class RoutingSelfCheckServiceCollectionExtensions
{
    /// <summary>
    /// Runs the self-check when the host starts, and writes its report to the log. The host does not start if the report has an error
    /// (<see cref="RoutingSelfCheck"/>).
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// Hosted services start in the order of their registration. If a hosted service migrates the database, call this method after registering it.
    /// Without a host, resolve <see cref="RoutingSelfCheck"/> and run it. Calling this method twice is harmless.
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
