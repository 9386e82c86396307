namespace Cqrs.Routing;

/// <summary>What an error of a replica says about it.</summary>
public enum ReplicaErrorKind
{
    /// <summary>The statement is at fault, or the caller gave up: nothing is run again, and the replica is not to blame.</summary>
    Other,

    /// <summary>The replica is well and could not serve this query: a conflict with recovery, too many connections. The query runs again, on the primary.</summary>
    Transient,

    /// <summary>The replica is not there: refused, reset, timed out, shutting down. The query runs again, on the primary, and the replica is asked less.</summary>
    Unavailable,
}
