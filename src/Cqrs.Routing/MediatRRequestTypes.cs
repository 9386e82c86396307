using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing;

/// <summary>Finds the request types that an application has registered a MediatR handler for, when it is asked: handlers may be registered after routing.</summary>
internal sealed class MediatRRequestTypes(IServiceCollection services) : IRequestTypes
{
    public IEnumerable<Type> GetRequestTypes() => services
        .Where(service => !service.IsKeyedService && service.ServiceType.IsConstructedGenericType && !service.ServiceType.ContainsGenericParameters)
        .Where(service => IsHandler(service.ServiceType.GetGenericTypeDefinition()))
        .Select(service => service.ServiceType.GetGenericArguments()[0]);

    /// <summary>Reports a request with both markers where its handler is registered, long before it is sent.</summary>
    /// <param name="markers">The markers.</param>
    public void EnsureOneMarkerEach(RoutingOptions markers)
    {
        foreach (var request in GetRequestTypes())
            markers.EnsureOneMarker(request);
    }

    private static bool IsHandler(Type definition) =>
        definition == typeof(IRequestHandler<>) || definition == typeof(IRequestHandler<,>) || definition == typeof(IStreamRequestHandler<,>);
}
