namespace Cqrs.Routing;

/// <summary>The classification of an error of a replica.</summary>
public enum ReplicaErrorKind
{
    /// <summary>The statement is the cause, or the caller cancelled. Nothing is run again, and the error does not count against the replica.</summary>
    Other,

    /// <summary>
    /// The replica is available but could not serve this query, for example because of a conflict with recovery. The query runs again, on the
    /// primary.
    /// </summary>
    Transient,

    /// <summary>
    /// The replica is not available: refused, reset, timed out, or shutting down. The query runs again, on the primary, and the error counts towards opening the
    /// replica's circuit breaker.
    /// </summary>
    Unavailable,
}
