using Cqrs.Routing;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Application.Orders;

/// <summary>Places an order; a customer that is new is created with it.</summary>
/// <returns>The order number.</returns>
public sealed record PlaceOrder(string Email, string Name, IReadOnlyList<PlaceOrderLine> Lines) : ICommand<int>;

/// <summary>One product of the order.</summary>
public sealed record PlaceOrderLine(string Product, int Quantity, decimal UnitPrice);

internal sealed class PlaceOrderHandler(
    ICustomerRepository customers, IOrderRepository orders, IApplicationDbContext db, TimeProvider time)
    : ICommandHandler<PlaceOrder, int>
{
    public async Task<int> Handle(PlaceOrder command, CancellationToken cancellationToken)
    {
        var (customer, _) = await customers.GetOrCreateAsync(command.Email, command.Name, cancellationToken);
        var lines = command.Lines.Select(line => new OrderLine(line.Product, line.Quantity, line.UnitPrice));
        var order = new Order(customer, time.GetUtcNow(), lines);
        orders.Add(order);
        await db.SaveChangesAsync(cancellationToken);
        return order.Id;
    }
}
