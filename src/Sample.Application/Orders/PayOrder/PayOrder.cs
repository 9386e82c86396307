using Cqrs.Routing;
using MediatR;
using Sample.Application.Abstractions;
using Sample.Application.Customers;
using Sample.Application.Domain;

namespace Sample.Application.Orders;

/// <summary>Pays an order.</summary>
public sealed record PayOrder(int OrderId) : ICommand<PaidOrder>;

/// <summary>The receipt: what was paid, and what the customer has spent and earned in all.</summary>
public sealed record PaidOrder(int OrderId, decimal Amount, CustomerTotal Customer);

internal sealed class PayOrderHandler(IOrderRepository orders, IApplicationDbContext db, ISender sender, IPublisher publisher)
    : ICommandHandler<PayOrder, PaidOrder>
{
    public async Task<PaidOrder> Handle(PayOrder command, CancellationToken cancellationToken)
    {
        var order = await orders.FindAsync(command.OrderId, cancellationToken)
            ?? throw new OrderNotFoundException(command.OrderId);
        order.Pay();
        await publisher.Publish(new OrderPaid(order.Id, order.CustomerId, order.Total), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);

        // Nothing is committed yet. The query sees this payment because it runs in the command's own transaction.
        var customer = await sender.Send(new GetCustomerTotal(order.CustomerId), cancellationToken);
        return new(order.Id, order.Total, customer);
    }
}
