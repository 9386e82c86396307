namespace Cqrs.Routing.Load.Application;

/// <summary>A number that only grows, so that whoever reads it can tell how old the answer is.</summary>
public sealed class Row
{
    public int Id { get; init; }

    public long Value { get; set; }
}
