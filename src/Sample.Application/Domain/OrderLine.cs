namespace Sample.Application.Domain;

/// <summary>One product of an order.</summary>
public sealed class OrderLine(string product, int quantity, decimal unitPrice)
{
    /// <summary>Given by the database.</summary>
    public int Id { get; private set; }

    /// <summary>The product's name at the time of the order.</summary>
    public string Product { get; private set; } = product;

    /// <summary>How many.</summary>
    public int Quantity { get; private set; } = quantity;

    /// <summary>The price of one at the time of the order.</summary>
    public decimal UnitPrice { get; private set; } = unitPrice;
}
