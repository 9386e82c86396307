namespace Cqrs.Routing;

/// <summary>Why a request, or a context inside it, was routed as it was.</summary>
public enum RouteReason
{
    /// <summary>No request is running, or the one that started this work has ended: primary.</summary>
    NoRequest = 0,

    /// <summary>A query outside any transaction: replica.</summary>
    Query = 1,

    /// <summary>A command: primary.</summary>
    Command = 2,

    /// <summary>A request that is neither a query nor a command, by marker or by convention: primary.</summary>
    Unclassified = 3,

    /// <summary>A query inside a command, or inside an unclassified request: primary, on the command's own connection if it uses its context.</summary>
    InsideCommand = 4,

    /// <summary>Inside <see cref="RouteScope.ForcePrimary"/>: primary, and still read-only for a query.</summary>
    ForcedPrimary = 5,

    /// <summary>The query carries <see cref="ReadFromPrimaryAttribute"/>: primary, and still read-only.</summary>
    ReadFromPrimary = 6,

    /// <summary>The query tracks entities, in this run or in one before: they come from the primary. <c>AsNoTracking()</c> or a projection lets the replica serve it.</summary>
    Tracking = 7,

    /// <summary>
    /// This session ran a command a moment ago (<see cref="ReplicaOptions.RecentWriteWindow"/>), and no position can tell whether the replica has it; or somebody asked
    /// for the primary (<see cref="RoutingSession.PinToPrimary"/>): primary.
    /// </summary>
    RecentWrite = 8,

    /// <summary>The request runs in shadow mode (<see cref="RoutingRolloutOptions"/>): primary, and nothing is refused.</summary>
    Shadow = 9,

    /// <summary>The replica has not replayed what this session wrote or saw; or, after it was lost, what the primary had then: primary.</summary>
    NotCaughtUp = 10,

    /// <summary>What the replica has replayed cannot be read, and the query depends on it: primary.</summary>
    PositionUnknown = 11,

    /// <summary>The replica cannot be shown to be as fresh as the query's <see cref="MaxStalenessAttribute"/> asks: primary.</summary>
    TooStale = 12,

    /// <summary>The replica does not answer, or could not serve this query: primary.</summary>
    ReplicaUnavailable = 13,

    /// <summary>The replica lags by more than <see cref="ReplicaOptions.MaxLag"/> and <see cref="ReplicaOptions.MaxLagBytes"/> allow: primary.</summary>
    ReplicaLagging = 14,

    /// <summary>The server that should be the replica is none of this primary: a standby that was promoted, or another database's. Primary.</summary>
    NotAReplica = 15,

    /// <summary>The query sent a command (<see cref="RoutingOptions.AllowCommandsInQueries"/>): its later reads go to the primary.</summary>
    AfterInnerCommand = 16,

    /// <summary>The context is in a transaction, or its connection was open before: it stays on the server where that is.</summary>
    OpenConnection = 17,

    /// <summary>A <see cref="System.Transactions.TransactionScope"/> is active: primary; a replica never enlists.</summary>
    AmbientTransaction = 18,

    /// <summary>The context has no replica (<c>UseReplica(null)</c>): primary.</summary>
    NoReplica = 19,

    /// <summary>
    /// The context's replica may not belong to its primary: the application supplied an open connection, changed the connection at run time
    /// or replaced the primary after <c>UseReplica</c>. Primary.
    /// </summary>
    ReplicaMismatch = 20,
}
