namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Owned by a parcel, in JSON.</summary>
public class Item
{
    public required string Product { get; set; }
}
