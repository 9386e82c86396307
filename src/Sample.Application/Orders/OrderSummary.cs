using System.Linq.Expressions;
using Sample.Application.Domain;

namespace Sample.Application.Orders;

/// <summary>An order as a line of a list.</summary>
public sealed record OrderSummary(int Id, string Customer, string Email, OrderStatus Status, decimal Total, DateTimeOffset PlacedAt)
{
    internal static Expression<Func<Order, OrderSummary>> FromOrder { get; } = order =>
        new(order.Id, order.Customer.Name, order.Customer.Email, order.Status, order.Total, order.PlacedAt);
}
