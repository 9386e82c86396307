using Cqrs.Routing.Health;

namespace Cqrs.Routing.Scopes;

/// <summary>That a query has read from a replica with a context.</summary>
/// <param name="Context">The context.</param>
/// <param name="Replica">The replica.</param>
/// <param name="Lease">The context's lease at the time.</param>
/// <param name="Tracked">How many entities the context tracked before.</param>
/// <param name="IsOver">Whether it reads from the primary since.</param>
/// <param name="Failure">What the replica failed it with, where that was found out.</param>
internal readonly record struct ReplicaRead(IRetryParticipant Context, ReplicaHealth Replica, int Lease, int Tracked, bool IsOver = false, Exception? Failure = null)
{
    /// <summary>Whether the context is still the query's.</summary>
    public bool IsLive => Context.Lease == Lease;

    public bool Is(IRetryParticipant context) => ReferenceEquals(Context, context) && IsLive;
}
