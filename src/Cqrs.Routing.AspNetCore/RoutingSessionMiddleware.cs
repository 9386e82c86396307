using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Makes a request part of its user's session.</summary>
internal sealed class RoutingSessionMiddleware(RequestDelegate next, SessionTokenTransport carrier, ILogger<RoutingSessionMiddleware> logger)
{
    private readonly ConcurrentDictionary<string, bool> _warned = new();

    public async Task InvokeAsync(HttpContext context, RoutingSession session)
    {
        var carried = Resume(context, session);
        context.Response.OnStarting(() => GiveBackAsync(context, carried));
        using (session.Begin())
            await next(context).ConfigureAwait(false);

        if (context.Response.HasStarted && session.Version != carried.Version)
            WarnOnce(context.GetEndpoint()?.DisplayName ?? "a request without an endpoint");
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
            Log.NotResumed(logger, e);
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
            Log.NotCarried(logger, e);
        }
    }

    private void WarnOnce(string endpoint)
    {
        if (_warned.TryAdd(endpoint, true))
            Log.ChangedTooLate(logger, endpoint);
    }
}
