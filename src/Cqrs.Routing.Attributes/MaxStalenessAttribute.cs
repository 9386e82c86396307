namespace Cqrs.Routing;

/// <summary>
/// Limits how stale the data of a query type may be. The replica serves the query only if it is known to be within the limit; otherwise the primary
/// does.
/// </summary>
/// <remarks>
/// <para>
/// Staleness is measured by replication positions: the replica must have replayed the position that the primary had at most that long ago. For a
/// query that is sent less often than the limit, the replica must have the primary's current position. The query waits at most
/// ReplicaOptions.MaxCatchUpWait for it.
/// </para>
/// <para>
/// Asks the primary for its position at most a few times per limit, and the replica once per connection. For a database without positions, the
/// primary serves the query. Derived request types inherit the attribute.
/// </para>
/// </remarks>
/// <param name="seconds">The limit in seconds; greater than zero. For zero use <see cref="ReadFromPrimaryAttribute"/>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class MaxStalenessAttribute(double seconds) : Attribute
{
    /// <summary>Gets the maximum age of the data that the query reads, in seconds.</summary>
    public double Seconds { get; } = seconds;
}
