using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Service types in the collection. An IServiceProvider cannot enumerate them.</summary>
internal sealed class ServiceTypeCatalog(IServiceCollection services)
{
    /// <summary>Gets the types that can be resolved without a key.</summary>
    public IEnumerable<Type> Types => services.Where(service => !service.IsKeyedService).Select(service => service.ServiceType).Distinct();
}
