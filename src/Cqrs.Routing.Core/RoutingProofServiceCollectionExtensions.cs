using Cqrs.Routing;
using Cqrs.Routing.EntityFrameworkCore;
using Cqrs.Routing.Health;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the proof that routing works.</summary>
public static class RoutingProofServiceCollectionExtensions
{
    /// <summary>Proves routing when the host starts, and writes a report to the log; the host does not start if there is an error in it (<see cref="RoutingProof"/>).</summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// Hosted services start in the order of their registration: call this after the one that migrates the database, if there is one. Without a host, ask
    /// <see cref="RoutingProof"/> for its report. Calling it twice is harmless.
    /// </remarks>
    public static IServiceCollection AddRoutingProof(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(new RegisteredServices(services));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProofStep, RequestsProof>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProofStep, ContextsProof>());
        services.TryAddSingleton(static provider => new RoutingProof(provider.GetServices<IProofStep>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProofAtStart>());
        return services;
    }
}
