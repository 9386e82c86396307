namespace Cqrs.Routing;

/// <summary>The reason for the route of a request, or of a context inside it.</summary>
public enum RouteReason
{
    /// <summary>No request is running, or the request that started this work has ended: primary.</summary>
    NoRequest = 0,

    /// <summary>A query outside any transaction: replica.</summary>
    Query = 1,

    /// <summary>A command: primary.</summary>
    Command = 2,

    /// <summary>A request that is neither a query nor a command, by marker or by convention: primary.</summary>
    Unclassified = 3,

    /// <summary>A query inside a command or inside an unclassified request: primary. It uses the command's own connection if it uses the same context.</summary>
    InsideCommand = 4,

    /// <summary>The code is inside <see cref="RouteScope.ForcePrimary"/>: primary. A query stays read-only.</summary>
    ForcedPrimary = 5,

    /// <summary>The query carries <see cref="ReadFromPrimaryAttribute"/>: primary. It stays read-only.</summary>
    ReadFromPrimary = 6,

    /// <summary>The query tracks entities, in this run or in an earlier one: primary. With <c>AsNoTracking()</c> or a projection, the replica can serve it.</summary>
    Tracking = 7,

    /// <summary>
    /// The session ran a command within <see cref="ReplicaOptions.RecentWriteWindow"/>, and no position shows whether the replica has its writes; or the code called
    /// <see cref="RoutingSession.PinToPrimary"/>: primary.
    /// </summary>
    RecentWrite = 8,

    /// <summary>The request runs in shadow mode (<see cref="RoutingRolloutOptions"/>): primary, and nothing is refused.</summary>
    Shadow = 9,

    /// <summary>The replica has not replayed all that this session wrote or saw, or, after an outage, all that the primary had then: primary.</summary>
    NotCaughtUp = 10,

    /// <summary>The replica's position cannot be read, and the query depends on it: primary.</summary>
    PositionUnknown = 11,

    /// <summary>The library cannot show that the replica is as fresh as the query's <see cref="MaxStalenessAttribute"/> requires: primary.</summary>
    TooStale = 12,

    /// <summary>The replica does not answer, or could not serve this query: primary.</summary>
    ReplicaUnavailable = 13,

    /// <summary>The replica lags by more than <see cref="ReplicaOptions.MaxLag"/> and <see cref="ReplicaOptions.MaxLagBytes"/> allow: primary.</summary>
    ReplicaLagging = 14,

    /// <summary>The server configured as the replica is not a replica of this primary: it was promoted, or it belongs to another database. Primary.</summary>
    NotAReplica = 15,

    /// <summary>The query sent a command (<see cref="RoutingOptions.AllowCommandsInQueries"/>): its later reads go to the primary.</summary>
    AfterInnerCommand = 16,

    /// <summary>The context is in a transaction, or its connection was already open: it stays on the server of that connection.</summary>
    OpenConnection = 17,

    /// <summary>A <see cref="System.Transactions.TransactionScope"/> is active: primary; a replica never enlists.</summary>
    AmbientTransaction = 18,

    /// <summary>The context has no replica (<c>UseReplica(null)</c>): primary.</summary>
    NoReplica = 19,

    /// <summary>
    /// The context's replica may not belong to its primary: primary. The application supplied an open connection, changed the connection at run time, or replaced the
    /// primary after <c>UseReplica</c>.
    /// </summary>
    ReplicaMismatch = 20,
}
