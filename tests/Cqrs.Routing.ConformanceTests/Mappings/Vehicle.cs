namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>A table per type.</summary>
public class Vehicle
{
    public int Id { get; set; }

    public required string Plate { get; set; }

    public int KeeperId { get; set; }
}
