namespace Cqrs.Routing.ConformanceTests.Park;

/// <summary>A complex value in columns of its keeper.</summary>
public sealed class Badge
{
    public required string Color { get; set; }
}
