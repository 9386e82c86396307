namespace Cqrs.Routing;

/// <summary>How far a database has got, as a number that only grows: a log sequence number, a counter of commits.</summary>
/// <param name="Database">
/// What the number counts in: the same on a primary and its replicas, and different for every other database, such as PostgreSQL's system identifier.
/// At most 64 characters. Positions of different databases are never compared.
/// </param>
/// <param name="Value">The number.</param>
public readonly record struct ReplicationPosition(string Database, UInt128 Value)
{
    /// <summary>The history that the number belongs to: a promotion or a restored backup begins another one, in which the same number means something else.</summary>
    /// <value>Default null: the database has none, or does not tell. At most 16 characters. Positions of different timelines are never compared.</value>
    public string? Timeline { get; init; }

    /// <summary>Whether two positions are of one database, and not known to be of different timelines.</summary>
    internal bool IsComparableTo(ReplicationPosition other) =>
        Database == other.Database && (Timeline is null || other.Timeline is null || Timeline == other.Timeline);
}
