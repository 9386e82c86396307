using Cqrs.Routing.Health;

namespace Cqrs.Routing.Scopes;

/// <summary>A context that reads from the replica, as far as a query needs to know that may have to begin anew.</summary>
internal interface IRetryParticipant
{
    /// <summary>What the replica failed it with: an error that came while rows were read, or one that a later error hides. Null if the replica is not to blame.</summary>
    Exception? FailureIn(Exception error);

    /// <summary>Sends the query to the primary for such an error, which counts against the replica. The context may be disposed by then.</summary>
    /// <exception cref="ReplicaUnavailableException">It may not go there.</exception>
    void FallBack(RouteFrame query, ReplicaHealth replica, Exception error);

    /// <summary>Changes when the context is disposed or goes back to its pool: from then on it is somebody else's.</summary>
    int Lease { get; }

    /// <summary>How many entities it tracked when it closed a connection last.</summary>
    int Tracked { get; }

    /// <summary>
    /// Whether nothing is open on the replica any more, or nothing but what the query left open, and the context tracks nothing, or what it tracked before and unchanged: what a handler added, attached or
    /// changed it would add, attach or change again.
    /// </summary>
    /// <param name="query">The query, whose handler has ended.</param>
    /// <param name="tracked"><see cref="Tracked"/> before the query read with it.</param>
    bool CanRetry(RouteFrame query, int tracked);

    /// <summary>Lets go of what the query or the driver still has open.</summary>
    void PrepareRetry();

    /// <summary>Something to remember in, for a query, what it reads with: this context first.</summary>
    ReplicaReadTracker Lend(RouteFrame query, ReplicaHealth health);

    /// <summary>The query that it was lent to has ended.</summary>
    void TakeBack(ReplicaReadTracker readers);
}
