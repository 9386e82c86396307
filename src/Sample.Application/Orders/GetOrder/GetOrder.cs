using Cqrs.Routing;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Application.Orders;

/// <summary>One order, or null.</summary>
public sealed record GetOrder(int OrderId) : IQuery<OrderDetails?>;

/// <summary>An order with its lines.</summary>
public sealed record OrderDetails(int Id, string Customer, string Email, OrderStatus Status, decimal Total, IReadOnlyList<OrderDetailsLine> Lines);

/// <summary>One product of the order.</summary>
public sealed record OrderDetailsLine(string Product, int Quantity, decimal UnitPrice);

internal sealed class GetOrderHandler(IOrderRepository orders) : IQueryHandler<GetOrder, OrderDetails?>
{
    public async Task<OrderDetails?> Handle(GetOrder query, CancellationToken cancellationToken)
    {
        var order = await orders.ReadAsync(query.OrderId, cancellationToken);
        return order is null
            ? null
            : new(order.Id, order.Customer.Name, order.Customer.Email, order.Status, order.Total,
                [.. order.Lines.Select(line => new OrderDetailsLine(line.Product, line.Quantity, line.UnitPrice))]);
    }
}
