namespace Cqrs.Routing.DifferentialTests.Model;

public class Customer
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public int Credit { get; set; }

    /// <summary>Owned, in the customer's table.</summary>
    public Address? Address { get; set; }

    /// <summary>A complex type.</summary>
    public Preferences Preferences { get; set; } = new();

    /// <summary>Owned, in JSON, with collections in it.</summary>
    public Profile? Profile { get; set; }

    public List<Order> Orders { get; set; } = [];

    public List<Tag> Tags { get; set; } = [];
}
