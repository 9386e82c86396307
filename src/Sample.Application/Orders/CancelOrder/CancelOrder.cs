using Cqrs.Routing;
using Sample.Application.Abstractions;

namespace Sample.Application.Orders;

/// <summary>Cancels an order that is not paid yet.</summary>
public sealed record CancelOrder(int OrderId) : ICommand;

internal sealed class CancelOrderHandler(IOrderRepository orders, IApplicationDbContext db) : ICommandHandler<CancelOrder>
{
    public async Task Handle(CancelOrder command, CancellationToken cancellationToken)
    {
        var order = await orders.FindAsync(command.OrderId, cancellationToken)
            ?? throw new OrderNotFoundException(command.OrderId);
        order.Cancel();
        await db.SaveChangesAsync(cancellationToken);
    }
}
