using Cqrs.Routing;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.EntityFrameworkCore;
using Cqrs.Routing.Mediation;
using Cqrs.Routing.Routing;
using Cqrs.Routing.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers routing.</summary>
public static class RoutingServiceCollectionExtensions
{
    /// <summary>Routes what MediatR sends: queries to the replica, commands to the primary, for every context that calls <c>UseReplica</c>.</summary>
    /// <param name="services">The services that MediatR is registered in, before or after.</param>
    /// <param name="configure">Conventions for requests without a marker, and other choices. Several calls add up.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">A request with a registered handler carries both a query and a command marker.</exception>
    /// <remarks>Calling it twice is harmless. The behavior becomes the outermost one of all that are registered by then or later.</remarks>
    public static IServiceCollection AddRoutingBehavior(this IServiceCollection services, Action<RoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        PipelineOrder.EnsureOneMarkerEach(services);

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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingRolloutOptions>, RolloutValidation>());
        services.TryAddSingleton<RouteFrames>();
        services.TryAddSingleton(typeof(RoutedRequest<>));
        services.AddOptions<RoutingStartup>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingStartup>, MediatorRequired>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingStartup>, ReplicaRequired>());
        PipelineOrder.PutFirst(services, typeof(IPipelineBehavior<,>), typeof(RoutingBehavior<,>));
        PipelineOrder.PutFirst(services, typeof(IStreamPipelineBehavior<,>), typeof(StreamRoutingBehavior<,>));
        return services;
    }

    /// <summary>Registers a <see cref="RouteRecorder"/>, which then sees every decision.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRouteRecorder(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<RouteRecorder>();
        return services;
    }
}
