namespace Cqrs.Routing.ConformanceTests.Park;

public sealed class Dog : Animal
{
    public string? Trick { get; set; }
}
