namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>What both servers know under different names. Not an entity type itself.</summary>
public abstract class Named
{
    public int Id { get; set; }

    public required string Name { get; set; }
}
