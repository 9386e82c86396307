using Cqrs.Routing.Health;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Routing;

/// <summary>A context that reads from the replica, as far as a query needs to know that may have to begin anew.</summary>
internal interface IReplicaReader
{
    /// <summary>The context, for messages.</summary>
    string Name { get; }

    /// <summary>Where the context says what becomes of its queries. The context may be disposed by then.</summary>
    ILogger Logger { get; }

    /// <summary>What an error means that came while rows were read.</summary>
    ReplicaFailure Classify(Exception error);

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
    bool CanBeginAnew(RouteFrame query, int tracked);

    /// <summary>Lets go of what the query or the driver still has open.</summary>
    void BeginAnew();

    /// <summary>Something to remember in, for a query, what it reads with: this context first.</summary>
    ReplicaReaders Lend(RouteFrame query, ReplicaHealth health);

    /// <summary>The query that it was lent to has ended.</summary>
    void TakeBack(ReplicaReaders readers);
}
