namespace Cqrs.Routing.ConformanceTests.Mappings;

public sealed class Keeper
{
    public int Id { get; set; }

    public required string Name { get; set; }

    public Contact? Contact { get; set; }

    public required Badge Badge { get; set; }

    public IList<Animal> Animals { get; init; } = [];

    public IList<Vehicle> Vehicles { get; init; } = [];
}
