using Cqrs.Routing;
using MediatR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers routing for MediatR requests.</summary>
public static class CqrsRoutingServiceCollectionExtensions
{
    /// <summary>
    /// Routes MediatR requests: queries to the replica, commands to the primary. Applies to every context that calls <c>UseReplica</c>.
    /// </summary>
    /// <param name="services">The services. MediatR may be registered in them before or after this call.</param>
    /// <param name="configure">Conventions for requests without a marker, and other options. The options of several calls are combined.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">A request with a registered handler carries both a query and a command marker.</exception>
    /// <remarks>
    /// Calling it twice is harmless. The behavior becomes the outermost one, before all behaviors that are registered earlier or later.
    /// </remarks>
    public static IServiceCollection AddRoutingBehavior(this IServiceCollection services, Action<RoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var handlers = new MediatRRequestTypes(services);
        handlers.EnsureOneMarkerEach(AddMarkers(new()));

        services.AddCqrsRoutingCore(static options => AddMarkers(options));
        if (configure is not null)
            services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRequestTypes>(handlers));
        services.AddOptions<MediatRStartupOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MediatRStartupOptions>, MediatRRegistrationValidator>());
        BehaviorOrder.PutFirst(services, typeof(IPipelineBehavior<,>), typeof(RoutingBehavior<,>));
        BehaviorOrder.PutFirst(services, typeof(IStreamPipelineBehavior<,>), typeof(StreamRoutingBehavior<,>));
        return services;
    }

    private static RoutingOptions AddMarkers(RoutingOptions options) => options
        .AddQueryMarker(typeof(IQuery<>))
        .AddQueryMarker(typeof(IStreamQuery<>))
        .AddCommandMarker(typeof(ICommand))
        .AddCommandMarker(typeof(ICommand<>));
}
