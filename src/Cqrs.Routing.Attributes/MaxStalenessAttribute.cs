namespace Cqrs.Routing;

/// <summary>Put on a query type: the replica may serve it only while it is shown to be no older than this; else the primary does.</summary>
/// <remarks>
/// Measured by replication positions: the replica must have replayed what the primary had at most that long ago. A query that is sent less often than that is
/// served by a replica that has what the primary has now, or gets it within ReplicaOptions.MaxCatchUpWait. Asks the primary at most a few times
/// per span for its position, and the replica once per connection. Where a database has no positions, the primary serves the query.
/// Derived request types inherit it.
/// </remarks>
/// <param name="seconds">In seconds, more than zero. For zero use <see cref="ReadFromPrimaryAttribute"/>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class MaxStalenessAttribute(double seconds) : Attribute
{
    /// <summary>How old what the query reads may be, in seconds.</summary>
    public double Seconds { get; } = seconds;
}
