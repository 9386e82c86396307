namespace Cqrs.Routing.TestKit.Model;

public class Order
{
    public int Id { get; set; }

    public required string Name { get; set; }

    public int Version { get; set; }

    public int? CustomerId { get; set; }

    public virtual Customer? Customer { get; set; }

    public Address? ShipTo { get; set; }

    public virtual IList<Line> Lines { get; init; } = [];

    public virtual IList<Tag> Tags { get; init; } = [];
}
