using Cqrs.Routing.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Runs a request in its user's session.</summary>
internal sealed partial class RoutingSessionMiddleware(RequestDelegate next, SessionTokenTransport carrier, ILogger<RoutingSessionMiddleware> logger)
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
            ChangedTooLate(endpoint);
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
            NotResumed(e);
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
            NotCarried(e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Endpoint} changed data after its response had begun, so the user's next request may not see it. Finish writing before the first byte of the response.")]
    private partial void ChangedTooLate(string endpoint);

    [LoggerMessage(2, LogLevel.Error, "The session could not be written to the response, so the user's next request may not see what this request wrote.")]
    private partial void NotCarried(Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The session of a request could not be read, so its queries run on the primary.")]
    private partial void NotResumed(Exception exception);
}
