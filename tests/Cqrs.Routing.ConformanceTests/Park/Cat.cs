namespace Cqrs.Routing.ConformanceTests.Park;

public sealed class Cat : Animal
{
    public int Lives { get; set; } = 9;
}
