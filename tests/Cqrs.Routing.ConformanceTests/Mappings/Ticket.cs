namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>Its key comes from a sequence on PostgreSQL, when it is added.</summary>
public sealed class Ticket
{
    public int Id { get; set; }

    public required string Visitor { get; set; }
}
