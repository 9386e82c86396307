namespace Cqrs.Routing.Routing;

/// <summary>Where a request runs. The order of the arms is the precedence.</summary>
internal static class Router
{
    public static RouteDecision Decide(RequestKind kind, bool readFromPrimary, RouteDecision? outer, bool tracks, bool wroteRecently) => kind switch
    {
        RequestKind.Command => new(Route.Primary, RouteReason.Command),
        RequestKind.Unmarked => new(Route.Primary, RouteReason.Unmarked),
        _ when outer is { Reason: RouteReason.Command or RouteReason.Unmarked } => new(Route.Primary, RouteReason.InsideCommand),
        // An inner request may only move towards the primary: what keeps the outer one there keeps this one there too.
        _ when outer is { Route: Route.Primary } => outer.Value,
        _ when readFromPrimary => new(Route.Primary, RouteReason.ReadFromPrimary),
        _ when tracks => new(Route.Primary, RouteReason.Tracking),
        _ when wroteRecently => new(Route.Primary, RouteReason.RecentWrite),
        _ => new(Route.Replica, RouteReason.Query),
    };

    /// <summary>Shadow mode comes last: it keeps on the primary what nothing else keeps there.</summary>
    public static RouteDecision Shadow(RouteDecision decision) => decision.Route == Route.Replica ? new(Route.Primary, RouteReason.Shadow) : decision;

    /// <summary>Forcing never hides that a command is running: what is inside a command stays inside it.</summary>
    public static RouteDecision Force(RouteDecision? outer) => new(
        Route.Primary,
        outer is { Reason: RouteReason.Command or RouteReason.Unmarked or RouteReason.InsideCommand } ? RouteReason.InsideCommand : RouteReason.Forced);
}
