namespace Cqrs.Routing;

/// <summary>How far a database has got, as a number that only grows: a log sequence number, a counter of commits.</summary>
/// <param name="Database">
/// What the number counts in: the same on a primary and its replicas, and different for every other database, such as PostgreSQL's system identifier.
/// At most 64 characters. Positions of different databases are never compared.
/// </param>
/// <param name="Value">The number.</param>
public readonly record struct ReplicationPosition(string Database, UInt128 Value);
