namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>Owned by an order, in a JSON column that holds a collection.</summary>
public sealed class Delivery
{
    public string Carrier { get; set; } = "";

    public List<Parcel> Parcels { get; set; } = [];
}
