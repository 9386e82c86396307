using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing;

/// <summary>Registers routing before all other behaviors. Other behaviors read and write too, and must use the request's route.</summary>
internal static class BehaviorOrder
{
    public static void PutFirst(IServiceCollection services, Type pipeline, Type behavior)
    {
        var existing = services.FirstOrDefault(service => service.ServiceType == pipeline && service.ImplementationType == behavior);
        if (existing is not null)
            services.Remove(existing);

        var first = 0;
        while (first < services.Count && !IsBehavior(services[first].ServiceType, pipeline))
            first++;
        services.Insert(first, existing ?? ServiceDescriptor.Transient(pipeline, behavior));
    }

    private static bool IsBehavior(Type service, Type pipeline) =>
        service == pipeline || (service.IsConstructedGenericType && service.GetGenericTypeDefinition() == pipeline);
}
