namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Its parcels and their items are nested JSON in one column.</summary>
public class Shipment : Named
{
    public IList<Parcel> Parcels { get; init; } = [];
}
