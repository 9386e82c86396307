namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>A complex value of a driver.</summary>
public class Badge
{
    public required string Color { get; set; }
}
