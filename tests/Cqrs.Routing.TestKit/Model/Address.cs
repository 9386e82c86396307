namespace Cqrs.Routing.TestKit.Model;

/// <summary>Owned by an order.</summary>
public class Address
{
    public required string City { get; set; }
}
