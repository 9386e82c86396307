namespace Cqrs.Routing;

/// <summary>What follows from a <see cref="RouteReason"/>.</summary>
[Flags]
internal enum RouteReasonTraits
{
    None = 0,

    /// <summary>Follows from the requests that are running, so naming them explains it.</summary>
    Request = 1 << 0,

    /// <summary>The request may write, and so may what runs inside it.</summary>
    Writing = 1 << 1,

    /// <summary>The query turned to the primary while it was running.</summary>
    Escalation = 1 << 2,

    /// <summary>What the query reads on the primary counts as seen by its session. Otherwise that is the business of the code around it, which asked for the primary.</summary>
    Seen = 1 << 3,

    /// <summary>The request may still use a connection that is open on the replica: the primary was not asked for by name.</summary>
    SharesReplica = 1 << 4,

    /// <summary>The application has probably not intended that every query of a type runs on the primary for this reason.</summary>
    Unintended = 1 << 5,

    /// <summary>The context, and not the query, keeps the query on the primary.</summary>
    Context = 1 << 6,

    /// <summary>Waiting for the replica may help.</summary>
    Passes = 1 << 7,

    /// <summary>The replica may not have what the query needs.</summary>
    Freshness = (1 << 8) | Escalation | Seen | SharesReplica | Unintended,

    /// <summary>The replica serves no query at the moment.</summary>
    ReplicaFault = (1 << 9) | Escalation | Seen | SharesReplica,
}
