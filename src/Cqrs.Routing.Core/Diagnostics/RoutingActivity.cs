using System.Diagnostics;
using static Cqrs.Routing.Diagnostics.RoutingMetrics;

namespace Cqrs.Routing.Diagnostics;

/// <summary>
/// Creates one span per request that is sent, and sets nothing on other spans. An HTTP request sends several requests, which would overwrite one another's tags on its
/// span. The driver's spans of the commands are inside.
/// </summary>
internal static class RoutingActivity
{
    public const string WaitedTag = "cqrs.routing.wait.duration";
    public const string EscalatedFromTag = "cqrs.routing.escalated_from";
    public const string LagTag = "cqrs.routing.replica.lag";
    public const string BoundEvent = "cqrs.routing.context_routed";

    /// <summary>The OpenTelemetry tag for the kind of an error.</summary>
    public const string ErrorTypeTag = "error.type";

    private static readonly ActivitySource Source = new(RoutingTelemetry.ActivitySourceName);

    /// <summary>Gets whether a listener wants spans.</summary>
    public static bool IsListenedTo => Source.HasListeners();

    /// <summary>Begins the span of a request and makes it current in the calling flow; returns null if no listener wants it.</summary>
    /// <param name="name">The name of the span.</param>
    /// <param name="request">The full name of the request.</param>
    /// <param name="decision">The route of the request, as far as it is known.</param>
    public static Activity? Begin(string name, string request, RouteDecision decision)
    {
        if (Source.StartActivity(name) is not { } span)
            return null;

        span.SetTag(RequestTag, request);
        SetDecision(span, decision);
        return span;
    }

    /// <summary>Records that a context used a server. The first context is recorded in the tags, also when it changes its server; each other context is an event.</summary>
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

    /// <summary>Records that the request failed. For exception filters: returns false, so that nothing is caught.</summary>
    public static bool Fails(Activity? span, Exception error)
    {
        // No exception message, because it may contain values.
        span?.SetTag(ErrorTypeTag, error.GetType().FullName).SetStatus(ActivityStatusCode.Error);
        return false;
    }

    private static void SetDecision(Activity span, RouteDecision decision)
    {
        span.SetTag(RouteTag, decision.Route.ToString());
        span.SetTag(ReasonTag, decision.Reason.ToString());
    }
}
