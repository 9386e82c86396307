using static Cqrs.Routing.RouteReasonTraits;

namespace Cqrs.Routing;

/// <summary>Holds the traits and the text of each <see cref="RouteReason"/>. A new reason needs only a row here.</summary>
internal static class RouteReasons
{
    /// <summary>Gets all reasons in the order of their numbers.</summary>
    public static IReadOnlyList<RouteReason> All { get; } = Enum.GetValues<RouteReason>();

    private static readonly Row[] Rows = [.. All.Select(GetRow)];

    /// <summary>Returns whether a reason has all of the given traits.</summary>
    public static bool Has(this RouteReason reason, RouteReasonTraits traits) => (Rows[(int)reason].Traits & traits) == traits;

    /// <summary>Returns the reasons that have all of the given traits.</summary>
    public static IEnumerable<RouteReason> With(RouteReasonTraits traits) => All.Where(reason => reason.Has(traits));

    /// <summary>Returns the text of a reason, to be placed after a name: "GetOrder asks for the replica; ...".</summary>
    public static string Describe(RouteReason reason) => Rows[(int)reason].Text;

    private static Row GetRow(RouteReason reason) => reason switch
    {
        RouteReason.NoRequest => new("no request is running", Request),
        RouteReason.Query => new("nothing keeps a query from the replica", Request),
        RouteReason.Command => new("a command runs on the primary", Request | Writing),
        RouteReason.Unclassified => new("a request that is neither query nor command runs on the primary", Request | Writing | SharesReplica),
        RouteReason.InsideCommand => new("code inside a command stays on the command's server", Request),
        RouteReason.ForcedPrimary => new("the primary was asked for", Request),
        RouteReason.ReadFromPrimary => new("[ReadFromPrimary] asks for the primary", Request | Seen),
        RouteReason.Tracking => new("it tracks entities, which come from the primary; AsNoTracking() or a projection lets the replica serve it", Seen | SharesReplica),
        RouteReason.RecentWrite => new("its session wrote a moment ago", Seen | Unintended),
        RouteReason.Shadow => new("it runs in shadow mode", None),
        RouteReason.NotCaughtUp => new("the replica has not replayed all that its session wrote or saw, or all that the primary had after an outage of the replica", Freshness | Passes),
        RouteReason.PositionUnknown => new("the replica's position cannot be read", Freshness),
        RouteReason.TooStale => new("the replica is older than [MaxStaleness] allows", Freshness | Passes),
        RouteReason.ReplicaUnavailable => new("the replica does not answer, or could not serve it", ReplicaFault),
        RouteReason.ReplicaLagging => new("the replica lags beyond its limits", ReplicaFault),
        RouteReason.NotAReplica => new("the server configured as the replica is not a replica of this primary", ReplicaFault),
        RouteReason.AfterInnerCommand => new("a command ran inside it before", Escalation),
        RouteReason.OpenConnection => new("its context was open on this server before", Context | Unintended),
        RouteReason.AmbientTransaction => new("a TransactionScope is open, and a replica never enlists", Context | Unintended),
        RouteReason.NoReplica => new("its context has no replica", Context),
        RouteReason.ReplicaMismatch => new("its context's replica may not belong to its primary", Context),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    private readonly record struct Row(string Text, RouteReasonTraits Traits);
}
