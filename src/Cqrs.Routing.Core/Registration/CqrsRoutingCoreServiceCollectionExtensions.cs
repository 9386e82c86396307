using Cqrs.Routing;
using Cqrs.Routing.Registration;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.SelfCheck;
using Cqrs.Routing.Sessions;
using Cqrs.Routing.Shadow;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers routing without a mediator.</summary>
public static class CqrsRoutingCoreServiceCollectionExtensions
{
    /// <summary>
    /// Registers the services that route requests of any sender: <see cref="RequestRunner{TRequest}"/>, <see cref="RoutingSession"/> and their dependencies. Adapters
    /// call it. An application that uses <see cref="RouteScope"/> alone calls it, too.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the markers and conventions that distinguish queries from commands, and other options. Several calls add up.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <remarks>Calling it twice is harmless.</remarks>
    public static IServiceCollection AddCqrsRoutingCore(this IServiceCollection services, Action<RoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<RoutingOptions>();
        if (configure is not null)
            options.Configure(configure);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionTokens>();
        services.TryAddSingleton<SessionServices>();
        services.TryAddScoped(static provider => new RoutingSession(provider.GetRequiredService<SessionServices>()));
        services.TryAddSingleton<ShadowReport>();
        services.TryAddSingleton<Rollout>();
        services.AddOptions<RoutingRolloutOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingRolloutOptions>, RoutingRolloutOptionsValidator>());
        services.TryAddSingleton<RequestRouter>();
        services.TryAddSingleton(typeof(RequestRunner<>));
        services.AddOptions<RoutingStartupOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingStartupOptions>, ReplicaRequiredValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingStartupOptions>, UnroutedContextsWarning>());
        return services;
    }

    /// <summary>Registers a <see cref="RouteRecorder"/>, which then records every decision.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddRouteRecorder(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<RouteRecorder>();
        return services;
    }
}
