namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Owned by a truck.</summary>
public class Stop
{
    public required string City { get; set; }
}
