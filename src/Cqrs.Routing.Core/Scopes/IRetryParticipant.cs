using Cqrs.Routing.Health;

namespace Cqrs.Routing.Scopes;

/// <summary>Defines what a query needs from a context in order to be retried on the primary.</summary>
internal interface IRetryParticipant
{
    /// <summary>Returns the replica's failure behind an error: one raised while rows were read, or one that a later error hides. Returns null if the replica did not cause it.</summary>
    Exception? FailureIn(Exception error);

    /// <summary>Sends the query to the primary because of such an error, which counts against the replica. The context may be disposed by then.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    void FallBack(RouteFrame query, ReplicaHealth replica, Exception error);

    /// <summary>
    /// Gets the number of the context's current lease. It changes when the context is disposed or returned to its pool. After that, the context no longer belongs to the
    /// query.
    /// </summary>
    int Lease { get; }

    /// <summary>Gets the number of entities that the context tracked when it last closed a connection.</summary>
    int Tracked { get; }

    /// <summary>
    /// Returns whether the query may run again with this context. Nothing may be open on the replica except connections that the query left open. The context may track
    /// only entities that it tracked before, unchanged: a handler would repeat its own additions and changes.
    /// </summary>
    /// <param name="query">The query, whose handler has ended.</param>
    /// <param name="tracked">The value of <see cref="Tracked"/> before the query read with this context.</param>
    bool CanRetry(RouteFrame query, int tracked);

    /// <summary>Closes connections and readers that the query or the driver still holds open.</summary>
    void PrepareRetry();

    /// <summary>Returns a tracker of the contexts that a query reads with, starting with this one.</summary>
    ReplicaReadTracker Lend(RouteFrame query, ReplicaHealth health);

    /// <summary>Takes back a tracker whose query has ended.</summary>
    void TakeBack(ReplicaReadTracker readers);
}
