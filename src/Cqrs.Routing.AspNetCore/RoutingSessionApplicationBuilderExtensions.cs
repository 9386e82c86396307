using Cqrs.Routing;
using Cqrs.Routing.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the middleware of routing sessions.</summary>
public static class RoutingSessionApplicationBuilderExtensions
{
    /// <summary>Resumes the session that a request carries, and writes it to the response if it changed.</summary>
    /// <param name="app">The application. Call this before all middleware that reads or writes data, such as authentication and endpoints.</param>
    /// <returns>The application.</returns>
    /// <exception cref="InvalidOperationException"><c>AddRoutingSessions</c> was not called, or neither <c>AddRoutingBehavior</c> nor <c>AddCqrsRoutingCore</c>.</exception>
    /// <remarks>
    /// Includes code outside the mediator: its saves count as writes, and <see cref="RouteScope.BeginQuery(string)"/> reads with the session. A write after
    /// the response has begun cannot be carried to the next request; the log then contains a warning, once per endpoint.
    /// </remarks>
    public static IApplicationBuilder UseRoutingSessions(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        Require<SessionTokenTransport>("AddRoutingSessions", "");
        Require<RoutingSession>("AddRoutingBehavior", " (or services.AddCqrsRoutingCore() without MediatR)");
        app.ApplicationServices.GetRequiredService<PipelineUse>().Used();
        return app.UseMiddleware<RoutingSessionMiddleware>();

        void Require<TService>(string registration, string alternative)
        {
            if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(TService)) == false)
                throw new InvalidOperationException($"UseRoutingSessions() was called, but services.{registration}(){alternative} was not. Call it where services are registered. [CR243]");
        }
    }
}
