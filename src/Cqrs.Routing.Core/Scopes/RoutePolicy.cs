using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>Decides the route of a request. The order of the arms is the precedence.</summary>
internal static class RoutePolicy
{
    public static RouteDecision Decide(RequestKind kind, bool readFromPrimary, RouteDecision? outer, bool tracks, bool wroteRecently) => kind switch
    {
        RequestKind.Command => new(DatabaseRole.Primary, RouteReason.Command),
        RequestKind.Unclassified => new(DatabaseRole.Primary, RouteReason.Unclassified),
        _ when outer is { } writing && writing.Reason.Has(RouteReasonTraits.Writing) => new(DatabaseRole.Primary, RouteReason.InsideCommand),
        // An inner request may only move towards the primary: the reason that keeps the outer one there applies to it, too.
        _ when outer is { Route: DatabaseRole.Primary } => outer.Value,
        _ when readFromPrimary => new(DatabaseRole.Primary, RouteReason.ReadFromPrimary),
        _ when tracks => new(DatabaseRole.Primary, RouteReason.Tracking),
        _ when wroteRecently => new(DatabaseRole.Primary, RouteReason.RecentWrite),
        _ => new(DatabaseRole.Replica, RouteReason.Query),
    };

    /// <summary>Applies shadow mode last: it keeps only those requests on the primary that no other reason keeps there.</summary>
    public static RouteDecision Shadow(RouteDecision decision) => decision.Route == DatabaseRole.Replica ? new(DatabaseRole.Primary, RouteReason.Shadow) : decision;

    /// <summary>Decides the route inside a forced scope. Forcing does not hide a running command: code inside a command stays inside it.</summary>
    public static RouteDecision Force(RouteDecision? outer) => new(
        DatabaseRole.Primary,
        outer is { } writing && (writing.Reason == RouteReason.InsideCommand || writing.Reason.Has(RouteReasonTraits.Writing)) ? RouteReason.InsideCommand : RouteReason.ForcedPrimary);
}
