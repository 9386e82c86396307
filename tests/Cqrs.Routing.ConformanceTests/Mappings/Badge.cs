namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>A complex value in columns of its keeper.</summary>
public sealed class Badge
{
    public required string Color { get; set; }
}
