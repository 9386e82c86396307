namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Order
{
    public int Id { get; set; }

    public int Amount { get; set; }

    /// <summary>A concurrency token.</summary>
    public int Version { get; set; }

    public int CustomerId { get; set; }

    public Customer? Customer { get; set; }

    public int? ProductId { get; set; }

    public Product? Product { get; set; }

    public List<Line> Lines { get; set; } = [];

    public List<Delivery> Deliveries { get; set; } = [];
}
