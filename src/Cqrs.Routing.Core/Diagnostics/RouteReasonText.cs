namespace Cqrs.Routing.Diagnostics;

/// <summary>Every reason in words that follow a name: "GetOrder asks for the replica; ...".</summary>
internal static class RouteReasonText
{
    public static string Of(RouteReason reason) => reason switch
    {
        RouteReason.NoRequest => "no request is running",
        RouteReason.Query => "nothing keeps a query from the replica",
        RouteReason.Command => "a command runs on the primary",
        RouteReason.Unclassified => "what is neither query nor command runs on the primary",
        RouteReason.InsideCommand => "what runs inside a command stays on its server",
        RouteReason.ForcedPrimary => "the primary was asked for",
        RouteReason.ReadFromPrimary => "[ReadFromPrimary] asks for the primary",
        RouteReason.Tracking => "it tracks entities, which come from the primary; AsNoTracking() or a projection lets the replica serve it",
        RouteReason.RecentWrite => "its session wrote a moment ago",
        RouteReason.Shadow => "it runs in shadow mode",
        RouteReason.NotCaughtUp => "the replica has not replayed what its session wrote or saw, or what the primary had after the replica was lost",
        RouteReason.PositionUnknown => "what the replica has replayed cannot be told",
        RouteReason.TooStale => "the replica is older than [MaxStaleness] allows",
        RouteReason.ReplicaUnavailable => "the replica does not answer, or could not serve it",
        RouteReason.ReplicaLagging => "the replica lags by more than it may",
        RouteReason.NotAReplica => "the server in the replica's place is no replica of this primary",
        RouteReason.AfterInnerCommand => "a command ran inside it before",
        RouteReason.OpenConnection => "its context was open on this server before",
        RouteReason.AmbientTransaction => "a TransactionScope is open, and a replica never enlists",
        RouteReason.NoReplica => "its context has no replica",
        RouteReason.ReplicaMismatch => "its context's replica may not belong to its primary",
        _ => reason.ToString(),
    };
}
