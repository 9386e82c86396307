using Cqrs.Routing.Health;

namespace Cqrs.Routing.Scopes;

/// <summary>Records that a query read from a replica with a context.</summary>
/// <param name="Context">The context.</param>
/// <param name="Replica">The replica.</param>
/// <param name="Lease">The context's lease at the time of the read.</param>
/// <param name="Tracked">The number of entities that the context tracked before the read.</param>
/// <param name="IsOver">Whether the context has moved to the primary since.</param>
/// <param name="Failure">The failure of the replica, if it is known; otherwise null.</param>
internal readonly record struct ReplicaRead(IRetryParticipant Context, ReplicaHealth Replica, int Lease, int Tracked, bool IsOver = false, Exception? Failure = null)
{
    /// <summary>Gets whether the context still belongs to the query.</summary>
    public bool IsLive => Context.Lease == Lease;

    public bool Is(IRetryParticipant context) => ReferenceEquals(Context, context) && IsLive;
}
