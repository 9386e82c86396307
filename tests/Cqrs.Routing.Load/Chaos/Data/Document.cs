namespace Cqrs.Routing.Load.Chaos.Data;

/// <summary>A row that never changes and that fills an eighth of what a server sends at once, so that a query hands rows out while it is still being answered.</summary>
public sealed class Document
{
    public int Id { get; init; }

    public required string Payload { get; init; }
}
