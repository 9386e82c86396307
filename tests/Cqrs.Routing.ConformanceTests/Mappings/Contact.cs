namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>Owned, in a JSON column.</summary>
public sealed class Contact
{
    public required string Phone { get; set; }
}
