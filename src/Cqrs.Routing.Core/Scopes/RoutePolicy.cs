using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>Where a request runs. The order of the arms is the precedence.</summary>
internal static class RoutePolicy
{
    public static RouteDecision Decide(RequestKind kind, bool readFromPrimary, RouteDecision? outer, bool tracks, bool wroteRecently) => kind switch
    {
        RequestKind.Command => new(DatabaseRole.Primary, RouteReason.Command),
        RequestKind.Unclassified => new(DatabaseRole.Primary, RouteReason.Unclassified),
        _ when outer is { } writing && writing.Reason.Has(RouteReasonTraits.Writing) => new(DatabaseRole.Primary, RouteReason.InsideCommand),
        // An inner request may only move towards the primary: what keeps the outer one there keeps this one there too.
        _ when outer is { Route: DatabaseRole.Primary } => outer.Value,
        _ when readFromPrimary => new(DatabaseRole.Primary, RouteReason.ReadFromPrimary),
        _ when tracks => new(DatabaseRole.Primary, RouteReason.Tracking),
        _ when wroteRecently => new(DatabaseRole.Primary, RouteReason.RecentWrite),
        _ => new(DatabaseRole.Replica, RouteReason.Query),
    };

    /// <summary>Shadow mode comes last: it keeps on the primary what nothing else keeps there.</summary>
    public static RouteDecision Shadow(RouteDecision decision) => decision.Route == DatabaseRole.Replica ? new(DatabaseRole.Primary, RouteReason.Shadow) : decision;

    /// <summary>Forcing never hides that a command is running: what is inside a command stays inside it.</summary>
    public static RouteDecision Force(RouteDecision? outer) => new(
        DatabaseRole.Primary,
        outer is { } writing && (writing.Reason == RouteReason.InsideCommand || writing.Reason.Has(RouteReasonTraits.Writing)) ? RouteReason.InsideCommand : RouteReason.ForcedPrimary);
}
