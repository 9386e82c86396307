namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>One table for the hierarchy.</summary>
public abstract class Animal
{
    public int Id { get; set; }

    public required string Name { get; set; }

    public int KeeperId { get; set; }

    public Keeper? Keeper { get; set; }
}
