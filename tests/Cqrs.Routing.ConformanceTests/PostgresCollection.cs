namespace Cqrs.Routing.ConformanceTests;

/// <summary>Replay is paused for the whole standby, so these tests run one after the other; so do those that need EF's cache for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PostgresCollection
{
    public const string Name = "PostgreSQL";
}
