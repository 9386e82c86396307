namespace Cqrs.Routing.ConformanceTests;

/// <summary>Replay is paused for the whole standby, so these tests run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PostgresCollection
{
    public const string Name = "PostgreSQL";
}
