using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>
/// The services that the application replaces with <c>ReplaceService</c>. EF Core finds such a service by its registered class, and would not find it
/// behind a decorator of this library. If the application names no registered class, EF Core removes the library's decorator together with the
/// provider's service.
/// </summary>
internal sealed class ReplacedServices(IDbContextOptions options)
{
    private readonly IReadOnlyDictionary<(Type Service, Type? Implementation), Type>? _replaced = options.FindExtension<CoreOptionsExtension>()?.ReplacedServices;

    /// <summary>Returns whether the application has its own class for a service.</summary>
    public bool Has(Type service) => _replaced?.Keys.Any(replaced => replaced.Service == service) == true;

    /// <summary>Returns the service that the library decorates: the provider's, or the application's replacement of it.</summary>
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

    // Providers register their connection under an interface of their own, and EF Core's interface leads to it.
    private static string AdviceOn(IServiceCollection services, ServiceDescriptor original, Type own)
    {
        var (service, name) = (original.ServiceType, TypeNames.Format(own));
        if (original.ImplementationType is { } implementation)
            return $"ReplaceService<{TypeNames.Format(service)}, {TypeNames.Format(implementation)}, {name}>()";

        var other = services.FirstOrDefault(other => other.ServiceType != service && other.ImplementationType is { } type && service.IsAssignableFrom(type));
        return other is null ? "the provider's service behind it" : $"ReplaceService<{TypeNames.Format(other.ServiceType)}, {name}>()";
    }

    // Logged once per internal service provider of EF Core.
    private void Warn(Type service, Type own, string advice)
    {
        if (ApplicationServices.FindLogger(options) is not { } logger)
            return;

        var context = options is DbContextOptions { ContextType: var type } ? TypeNames.Format(type) : nameof(DbContext);
        Log.ServiceReplaced(logger, context, TypeNames.Format(service), TypeNames.Format(own), advice);
    }
}
