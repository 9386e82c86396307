using Cqrs.Routing.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Runs a request in its user's session.</summary>
internal sealed class RoutingSessionMiddleware(RequestDelegate next, SessionTokenTransport carrier, ILogger<RoutingSessionMiddleware> logger)
{
    private readonly LogOnce _notices = new();

    public async Task InvokeAsync(HttpContext context, RoutingSession session)
    {
        var carried = Resume(context, session);
        context.Response.OnStarting(() => GiveBackAsync(context, carried));
        using (session.Begin())
            await next(context).ConfigureAwait(false);

        if (!context.Response.HasStarted || session.Version == carried.Version)
            return;

        var endpoint = context.GetEndpoint()?.DisplayName ?? "a request without an endpoint";
        if (_notices.IsFirst(endpoint))
            Log.ChangedTooLate(logger, endpoint);
    }

    private RequestSession Resume(HttpContext context, RoutingSession session)
    {
        try
        {
            return carrier.Resume(context.Request, session);
        }
        catch (Exception e)
        {
            // The Data Protection keys cannot be read, so the user's writes are unknown. Unknown means that the primary serves.
            Log.NotResumed(logger, e);
            session.PinToPrimary();
            return new(session, [], ByHeader: false);
        }
    }

    // An error here must not fail the response: the response is more important than the route of the next request.
    private async Task GiveBackAsync(HttpContext context, RequestSession carried)
    {
        try
        {
            await carrier.GiveBackAsync(context, carried).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.NotCarried(logger, e);
        }
    }
}
