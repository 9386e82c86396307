namespace Cqrs.Routing.ConformanceTests.Mappings;

public sealed class Car : Vehicle
{
    public int Seats { get; set; }
}
