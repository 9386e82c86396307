namespace Sample.Application.Domain;

/// <summary>An order: placed, then paid or cancelled.</summary>
public sealed class Order
{
    private readonly List<OrderLine> _lines;

    /// <summary>Places an order.</summary>
    public Order(Customer customer, DateTimeOffset placedAt, IEnumerable<OrderLine> lines)
    {
        Customer = customer;
        PlacedAt = placedAt;
        _lines = [.. lines];
        Total = _lines.Sum(line => line.Quantity * line.UnitPrice);
    }

    // For EF Core, which fills the customer and the lines itself.
    private Order()
    {
        Customer = null!;
        _lines = [];
    }

    /// <summary>The order number, given by the database.</summary>
    public int Id { get; private set; }

    /// <summary>The customer's key.</summary>
    public int CustomerId { get; private set; }

    /// <summary>Who ordered.</summary>
    public Customer Customer { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset PlacedAt { get; private set; }

    /// <summary>What happened since.</summary>
    public OrderStatus Status { get; private set; }

    /// <summary>The sum of the lines.</summary>
    public decimal Total { get; private set; }

    /// <summary>What was ordered.</summary>
    public IReadOnlyList<OrderLine> Lines => _lines;

    /// <summary>Pays the order.</summary>
    public void Pay() => MoveTo(OrderStatus.Paid);

    /// <summary>Cancels the order.</summary>
    public void Cancel() => MoveTo(OrderStatus.Cancelled);

    private void MoveTo(OrderStatus status)
    {
        if (Status != OrderStatus.Placed)
            throw new OrderClosedException(Id, Status);
        Status = status;
    }
}
