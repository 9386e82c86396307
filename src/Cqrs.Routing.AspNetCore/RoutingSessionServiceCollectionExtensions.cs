using Cqrs.Routing.AspNetCore;
using Cqrs.Routing.SelfCheck;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the services that <c>UseRoutingSessions</c> needs.</summary>
public static class RoutingSessionServiceCollectionExtensions
{
    /// <summary>Registers sessions. With them a user's next request sees what this request wrote, on every instance of the application.</summary>
    /// <param name="services">The services. Call <c>AddRoutingBehavior</c> on them too, or <c>AddCqrsRoutingCore</c> without MediatR.</param>
    /// <param name="configure">Configures the cookie and the header.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// Adds Data Protection. All instances must share its keys and its application name, as for every ASP.NET Core cookie. Otherwise they ignore each
    /// other's tokens. The options are validated when the host starts.
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
