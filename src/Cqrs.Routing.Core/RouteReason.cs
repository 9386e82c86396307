namespace Cqrs.Routing;

/// <summary>Why a request, or a context inside it, was routed as it was.</summary>
public enum RouteReason
{
    /// <summary>No request is running, or the one that started this work has ended: primary.</summary>
    NoRequest,

    /// <summary>A query outside any transaction: replica.</summary>
    Query,

    /// <summary>A command: primary.</summary>
    Command,

    /// <summary>A request that is neither a query nor a command, by marker or by convention: primary.</summary>
    Unmarked,

    /// <summary>A query inside a command, or inside an unmarked request: primary, on the command's own connection if it uses its context.</summary>
    InsideCommand,

    /// <summary>Inside <see cref="RouteScope.ForcePrimary"/>: primary, and still read-only for a query.</summary>
    Forced,

    /// <summary>The query carries <see cref="ReadFromPrimaryAttribute"/>: primary, and still read-only.</summary>
    ReadFromPrimary,

    /// <summary>The query tracks entities, in this run or in one before: they come from the primary. <c>AsNoTracking()</c> or a projection lets the replica serve it.</summary>
    Tracking,

    /// <summary>
    /// This session ran a command a moment ago (<see cref="ReplicaOptions.WriteWindow"/>), and no position can tell whether the replica has it; or somebody asked
    /// for the primary (<see cref="RoutingSession.RequirePrimary"/>): primary.
    /// </summary>
    RecentWrite,

    /// <summary>The request runs in shadow mode (<see cref="RoutingRolloutOptions"/>): primary, and nothing is refused.</summary>
    Shadow,

    /// <summary>The replica has not replayed what this session wrote or saw; or, after it was lost, what the primary had then: primary.</summary>
    NotCaughtUp,

    /// <summary>What the replica has replayed cannot be read, and the query depends on it: primary.</summary>
    PositionUnknown,

    /// <summary>The replica cannot be shown to be as fresh as the query's <see cref="MaxStalenessAttribute"/> asks: primary.</summary>
    TooStale,

    /// <summary>The replica does not answer, or could not serve this query: primary.</summary>
    ReplicaUnavailable,

    /// <summary>The replica lags by more than <see cref="ReplicaOptions.MaxLag"/> and <see cref="ReplicaOptions.MaxLagBytes"/> allow: primary.</summary>
    ReplicaLagging,

    /// <summary>The server that should be the replica is none of this primary: a standby that was promoted, or another database's. Primary.</summary>
    NotAReplica,

    /// <summary>The query sent a command (<see cref="RoutingOptions.AllowCommandsInQueries"/>): its later reads go to the primary.</summary>
    AfterInnerCommand,

    /// <summary>The context is in a transaction, or its connection was open before: it stays on the server where that is.</summary>
    OpenConnection,

    /// <summary>A <see cref="System.Transactions.TransactionScope"/> is active: primary; a replica never enlists.</summary>
    AmbientTransaction,

    /// <summary>The context has no replica (<c>UseReplica(null)</c>): primary.</summary>
    NoReplica,

    /// <summary>
    /// The context's replica may not belong to its primary: the application supplied an open connection, changed the connection at run time
    /// or replaced the primary after <c>UseReplica</c>. Primary.
    /// </summary>
    ReplicaInactive,
}
