namespace Cqrs.Routing;

/// <summary>The consequences of a <see cref="RouteReason"/>.</summary>
[Flags]
internal enum RouteReasonTraits
{
    None = 0,

    /// <summary>The reason follows from the running requests, so their names explain it.</summary>
    Request = 1 << 0,

    /// <summary>The request may write, and so may the code inside it.</summary>
    Writing = 1 << 1,

    /// <summary>The query moved to the primary while it was running.</summary>
    Escalation = 1 << 2,

    /// <summary>The session counts the query's reads on the primary as seen. Without this trait they do not count, because the surrounding code asked for the primary.</summary>
    Seen = 1 << 3,

    /// <summary>The request may still use a connection that is open on the replica, because it did not ask for the primary by name.</summary>
    SharesReplica = 1 << 4,

    /// <summary>The application probably did not intend that every query of a type runs on the primary for this reason.</summary>
    Unintended = 1 << 5,

    /// <summary>The context, not the query, keeps the query on the primary.</summary>
    Context = 1 << 6,

    /// <summary>Waiting for the replica may help.</summary>
    Passes = 1 << 7,

    /// <summary>The replica may lack data that the query needs.</summary>
    Freshness = (1 << 8) | Escalation | Seen | SharesReplica | Unintended,

    /// <summary>The replica serves no query at the moment.</summary>
    ReplicaFault = (1 << 9) | Escalation | Seen | SharesReplica,
}
