namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Keyless: rows of a query.</summary>
public class OrderTitle
{
    public required string Name { get; set; }
}
