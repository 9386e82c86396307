namespace Cqrs.Routing.ConformanceTests.Schema;

public sealed class Thing
{
    public int Id { get; set; }

    public required string Name { get; set; }
}
