using System.Diagnostics;
using static Cqrs.Routing.Diagnostics.RoutingMetrics;

namespace Cqrs.Routing.Diagnostics;

/// <summary>
/// One span per request that is sent, and nothing on spans of others: an HTTP request sends several, which would overwrite one another's tags there. The
/// driver's spans of the commands are inside.
/// </summary>
internal static class RoutingActivity
{
    public const string WaitedTag = "cqrs.routing.wait.duration";
    public const string EscalatedFromTag = "cqrs.routing.escalated_from";
    public const string LagTag = "cqrs.routing.replica.lag";
    public const string BoundEvent = "cqrs.routing.context_routed";

    /// <summary>OpenTelemetry's name for the kind of an error.</summary>
    public const string ErrorTypeTag = "error.type";

    private static readonly ActivitySource Source = new(RoutingTelemetry.ActivitySourceName);

    /// <summary>Whether a span would be for anybody.</summary>
    public static bool IsListenedTo => Source.HasListeners();

    /// <summary>Begins the span of a request; null if nobody listens. It is the current one of the calling flow.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="request">The request, by its full name.</param>
    /// <param name="decision">Where it runs, as far as that is known.</param>
    public static Activity? Begin(string name, string request, RouteDecision decision)
    {
        if (Source.StartActivity(name) is not { } span)
            return null;

        span.SetTag(RequestTag, request);
        SetDecision(span, decision);
        return span;
    }

    /// <summary>A context went to a server. The first one is the span's, and again if it goes elsewhere; each other is an event.</summary>
    public static void Bound(Activity span, string context, RouteDecision decision, TimeSpan waited, TimeSpan? lag)
    {
        var first = span.GetTagItem(ContextTag) as string;
        if (first is not null && first != context)
        {
            span.AddEvent(new(BoundEvent, tags: new() { [ContextTag] = context, [RouteTag] = decision.Route.ToString(), [ReasonTag] = decision.Reason.ToString() }));
            return;
        }

        span.SetTag(ContextTag, context);
        SetDecision(span, decision);
        if (waited > TimeSpan.Zero)
            span.SetTag(WaitedTag, waited.TotalSeconds);
        if (lag is { } age)
            span.SetTag(LagTag, age.TotalSeconds);
    }

    /// <summary>The request failed. For exception filters: says no, so that nothing is caught.</summary>
    public static bool Fails(Activity? span, Exception error)
    {
        // No message: it may hold values.
        span?.SetTag(ErrorTypeTag, error.GetType().FullName).SetStatus(ActivityStatusCode.Error);
        return false;
    }

    private static void SetDecision(Activity span, RouteDecision decision)
    {
        span.SetTag(RouteTag, decision.Route.ToString());
        span.SetTag(ReasonTag, decision.Reason.ToString());
    }
}
