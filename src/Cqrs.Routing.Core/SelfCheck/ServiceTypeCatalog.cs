using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.SelfCheck;

/// <summary>What an application registered: a container tells what it is asked for, and not what there is to ask for.</summary>
internal sealed class ServiceTypeCatalog(IServiceCollection services)
{
    /// <summary>The types that can be resolved without a key.</summary>
    public IEnumerable<Type> Types => services.Where(service => !service.IsKeyedService).Select(service => service.ServiceType).Distinct();
}
