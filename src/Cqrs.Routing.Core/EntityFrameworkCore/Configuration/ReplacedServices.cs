using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>
/// What the application replaces with <c>ReplaceService</c>. EF finds it by the class that is registered, and would not find it behind what this library puts around it; and where it is told no class,
/// it takes the library's away with the provider's.
/// </summary>
internal sealed class ReplacedServices(IDbContextOptions options)
{
    private readonly IReadOnlyDictionary<(Type Service, Type? Implementation), Type>? _replaced = options.FindExtension<CoreOptionsExtension>()?.ReplacedServices;

    /// <summary>Whether the application has a class of its own for a service.</summary>
    public bool Has(Type service) => _replaced?.Keys.Any(replaced => replaced.Service == service) == true;

    /// <summary>The service as the application wants it, to be put behind the library's: registered by the provider, or in its place.</summary>
    public ServiceDescriptor Resolve(IServiceCollection services, ServiceDescriptor original)
    {
        if (_replaced is null)
            return original;
        if (original.ImplementationType is { } implementation && _replaced.TryGetValue((original.ServiceType, implementation), out var other))
            return new(original.ServiceType, other, original.Lifetime);
        if (_replaced.TryGetValue((original.ServiceType, null), out var own))
            Warn(original.ServiceType, own, AdviceOn(services, original, own));
        return original;
    }

    // Providers register their connection under an interface of their own, which EF's leads to.
    private static string AdviceOn(IServiceCollection services, ServiceDescriptor original, Type own)
    {
        var (service, name) = (original.ServiceType, TypeNames.Format(own));
        if (original.ImplementationType is { } implementation)
            return $"ReplaceService<{TypeNames.Format(service)}, {TypeNames.Format(implementation)}, {name}>()";

        var other = services.FirstOrDefault(other => other.ServiceType != service && other.ImplementationType is { } type && service.IsAssignableFrom(type));
        return other is null ? "the service of the provider's that stands behind it" : $"ReplaceService<{TypeNames.Format(other.ServiceType)}, {name}>()";
    }

    // Once for each internal service provider that EF makes.
    private void Warn(Type service, Type own, string advice)
    {
        if (ApplicationServices.FindLogger(options) is not { } logger)
            return;

        var context = options is DbContextOptions { ContextType: var type } ? TypeNames.Format(type) : nameof(DbContext);
        Log.ServiceReplaced(logger, context, TypeNames.Format(service), TypeNames.Format(own), advice);
    }
}
