namespace Sample.Application.Domain;

/// <summary>Where an order is in its life.</summary>
public enum OrderStatus
{
    /// <summary>Placed, waiting for payment.</summary>
    Placed,

    /// <summary>Paid; nothing follows.</summary>
    Paid,

    /// <summary>Cancelled before it was paid; nothing follows.</summary>
    Cancelled,
}
