using Cqrs.Routing.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Makes a request part of its user's session.</summary>
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
            // The keys cannot be read, so nobody knows what the user wrote: unknown means primary.
            NotResumed(e);
            session.PinToPrimary();
            return new(session, [], ByHeader: false);
        }
    }

    // Whatever goes wrong here, the page is more important than where the next one reads from.
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

    [LoggerMessage(2, LogLevel.Error, "A session could not be carried on, so the user's next request may not see what this one wrote.")]
    private partial void NotCarried(Exception exception);

    [LoggerMessage(3, LogLevel.Error, "A session could not be taken up, so its queries run on the primary.")]
    private partial void NotResumed(Exception exception);
}
