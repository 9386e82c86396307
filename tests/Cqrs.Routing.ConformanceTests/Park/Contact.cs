namespace Cqrs.Routing.ConformanceTests.Park;

/// <summary>Owned, in a JSON column.</summary>
public sealed class Contact
{
    public required string Phone { get; set; }
}
