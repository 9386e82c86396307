namespace Cqrs.Routing.ConformanceTests.Park;

public sealed class Car : Vehicle
{
    public int Seats { get; set; }
}
