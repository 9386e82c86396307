using System.Diagnostics;
using Cqrs.Routing.Diagnostics;

namespace Cqrs.Routing.Scopes;

/// <summary>A request has a span if somebody listens; a <see cref="RouteScope"/> has none of its own.</summary>
internal sealed partial class RouteFrame
{
    /// <summary>The span of the request that this is, or is part of.</summary>
    public Activity? Span => Rare?.Span ?? (Request.Type == typeof(RouteScope) ? Outer?.Span : null);

    /// <summary>To be called in the flow that sends the request.</summary>
    public void BeginSpan()
    {
        if (RoutingActivity.IsListenedTo && RoutingActivity.Begin(Request, Decision) is { } span)
            EnsureRare().Span = span;
    }

    private void EndSpan() => Rare?.Span?.Dispose();

    private void EscalateSpan()
    {
        if (Decision.Route == DatabaseRole.Replica)
            Span?.SetTag(RoutingActivity.EscalatedFromTag, nameof(DatabaseRole.Replica));
    }
}
