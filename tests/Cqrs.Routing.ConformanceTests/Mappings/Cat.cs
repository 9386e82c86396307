namespace Cqrs.Routing.ConformanceTests.Mappings;

public sealed class Cat : Animal
{
    public int Lives { get; set; } = 9;
}
