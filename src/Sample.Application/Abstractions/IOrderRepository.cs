using Sample.Application.Domain;

namespace Sample.Application.Abstractions;

/// <summary>The orders, one at a time. Scoped, and used by queries and commands alike: it follows the route of whoever calls it.</summary>
public interface IOrderRepository
{
    /// <summary>The order with its customer and lines, or null.</summary>
    Task<Order?> FindAsync(int orderId, CancellationToken cancellationToken);

    /// <summary>Reads an order to show it; null if there is none. What is changed in it is not saved.</summary>
    Task<Order?> ReadAsync(int orderId, CancellationToken cancellationToken);

    /// <summary>Adds a new order.</summary>
    void Add(Order order);
}
