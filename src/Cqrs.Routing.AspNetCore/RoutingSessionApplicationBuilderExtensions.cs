using Cqrs.Routing;
using Cqrs.Routing.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the middleware.</summary>
public static class RoutingSessionApplicationBuilderExtensions
{
    /// <summary>Takes up the session that a request carries, and gives it back with the response if it changed.</summary>
    /// <param name="app">The application; before everything that reads or writes, such as authentication and endpoints.</param>
    /// <returns>The application.</returns>
    /// <exception cref="InvalidOperationException"><c>AddRoutingSessions</c> or <c>AddRoutingBehavior</c> was not called.</exception>
    /// <remarks>
    /// Code outside the mediator takes part: what it saves counts as a write, and <see cref="RouteScope.BeginQuery"/> reads with the session. What is written after a
    /// response has begun cannot be carried; a warning says so.
    /// </remarks>
    public static IApplicationBuilder UseRoutingSessions(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        Require<SessionTokenTransport>("AddRoutingSessions");
        Require<RoutingSession>("AddRoutingBehavior");
        app.ApplicationServices.GetRequiredService<PipelineUse>().Used();
        return app.UseMiddleware<RoutingSessionMiddleware>();

        void Require<TService>(string registration)
        {
            if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(TService)) == false)
                throw new InvalidOperationException($"UseRoutingSessions() was called, but services.{registration}() was not. Call both where services are registered.");
        }
    }
}
