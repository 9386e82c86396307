namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Owned by a shipment, in JSON.</summary>
public class Parcel
{
    public required string Code { get; set; }

    public IList<Item> Items { get; init; } = [];
}
