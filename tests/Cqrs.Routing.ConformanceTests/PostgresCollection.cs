namespace Cqrs.Routing.ConformanceTests;

/// <summary>Replay is paused for the whole standby, so these tests run one after the other; so do those that must keep what EF caches, an InMemory
/// database for instance.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PostgresCollection
{
    public const string Name = "PostgreSQL";
}
