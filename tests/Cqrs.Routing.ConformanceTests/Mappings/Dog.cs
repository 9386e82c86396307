namespace Cqrs.Routing.ConformanceTests.Mappings;

public sealed class Dog : Animal
{
    public string? Trick { get; set; }
}
