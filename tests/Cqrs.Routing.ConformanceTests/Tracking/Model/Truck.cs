namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Its stops are owned and have a table and shadow keys of their own.</summary>
public class Truck : Named
{
    public IList<Stop> Stops { get; init; } = [];
}
