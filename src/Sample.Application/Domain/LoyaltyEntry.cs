namespace Sample.Application.Domain;

/// <summary>A row of the loyalty ledger: the points that a paid order earned.</summary>
public sealed class LoyaltyEntry(int customerId, int orderId, int points)
{
    /// <summary>Given by the database.</summary>
    public int Id { get; private set; }

    /// <summary>Who earned the points.</summary>
    public int CustomerId { get; private set; } = customerId;

    /// <summary>With which order.</summary>
    public int OrderId { get; private set; } = orderId;

    /// <summary>One per whole unit of money.</summary>
    public int Points { get; private set; } = points;
}
