namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Parcel
{
    public int Weight { get; set; }
}
