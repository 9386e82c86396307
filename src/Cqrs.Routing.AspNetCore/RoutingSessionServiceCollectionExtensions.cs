using Cqrs.Routing.AspNetCore;
using Cqrs.Routing.SelfCheck;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what <c>UseRoutingSessions</c> needs.</summary>
public static class RoutingSessionServiceCollectionExtensions
{
    /// <summary>Lets a user's next request see what this one wrote, on every instance of the application.</summary>
    /// <param name="services">The services, which <c>AddRoutingBehavior</c> is called on too.</param>
    /// <param name="configure">Cookie and header.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// Adds Data Protection. Several instances have to share its keys and its application name, as for all cookies of ASP.NET Core; else they ignore
    /// one another's tokens.
    /// </remarks>
    public static IServiceCollection AddRoutingSessions(this IServiceCollection services, Action<RoutingSessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddDataProtection();
        var options = services.AddOptions<RoutingSessionOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingSessionOptions>, RoutingSessionOptionsValidator>());
        services.TryAddSingleton<SessionTokenTransport>();
        services.TryAddSingleton<PipelineUse>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, PipelineUse>(static provider => provider.GetRequiredService<PipelineUse>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISelfCheckStep, PipelineUse>(static provider => provider.GetRequiredService<PipelineUse>()));
        return services;
    }
}
