namespace Cqrs.Routing.Load.Chaos.Data;

/// <summary>That a worker's command was carried out. Without a unique key: what runs twice is there twice.</summary>
public sealed class Execution
{
    public long Id { get; init; }

    public int Worker { get; init; }

    public long Number { get; init; }
}
