namespace Cqrs.Routing;

/// <summary>Represents the progress of a database as a number that only grows, such as a log sequence number or a counter of commits.</summary>
/// <param name="Database">
/// The database that the number belongs to. It is equal on a primary and its replicas, and different for every other database, such as PostgreSQL's system identifier. At
/// most 64 characters. Positions of different databases are never compared.
/// </param>
/// <param name="Value">The number.</param>
public readonly record struct ReplicationPosition(string Database, UInt128 Value)
{
    /// <summary>Gets the timeline that the number belongs to. A promotion or a restored backup begins a new timeline, in which the same number has another meaning.</summary>
    /// <value>Default null: the database has no timeline, or does not report it. At most 16 characters. Positions of different timelines are never compared.</value>
    public string? Timeline { get; init; }

    /// <summary>Returns whether two positions belong to one database and are not known to be of different timelines.</summary>
    internal bool IsComparableTo(ReplicationPosition other) =>
        Database == other.Database && (Timeline is null || other.Timeline is null || Timeline == other.Timeline);
}
