using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing;

/// <summary>
/// Finds the request types that have a registered MediatR handler. Reads the service collection on each call, because handlers may be registered
/// after routing.
/// </summary>
internal sealed class MediatRRequestTypes(IServiceCollection services) : IRequestTypes
{
    public IEnumerable<Type> GetRequestTypes() => services
        .Where(service => !service.IsKeyedService && service.ServiceType.IsConstructedGenericType && !service.ServiceType.ContainsGenericParameters)
        .Where(service => IsHandler(service.ServiceType.GetGenericTypeDefinition()))
        .Select(service => service.ServiceType.GetGenericArguments()[0]);

    /// <summary>Throws for a registered request type that has both markers, when it is registered and not when it is first sent.</summary>
    /// <param name="markers">The routing options that hold the markers.</param>
    public void EnsureOneMarkerEach(RoutingOptions markers)
    {
        foreach (var request in GetRequestTypes())
            markers.EnsureOneMarker(request);
    }

    private static bool IsHandler(Type definition) =>
        definition == typeof(IRequestHandler<>) || definition == typeof(IRequestHandler<,>) || definition == typeof(IStreamRequestHandler<,>);
}
