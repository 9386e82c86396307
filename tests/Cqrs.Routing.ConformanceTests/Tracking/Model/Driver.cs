namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Has a concurrency token that is a shadow property, a complex value, and a truck that EF includes by itself.</summary>
public class Driver : Named
{
    public required Badge Badge { get; set; }

    public int TruckId { get; set; }

    public virtual Truck? Truck { get; set; }
}
