using MediatR;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Application.Orders;

/// <summary>Writes the ledger row in the transaction of the command that published the event.</summary>
internal sealed class AddLoyaltyPoints(IApplicationDbContext db) : INotificationHandler<OrderPaid>
{
    public Task Handle(OrderPaid notification, CancellationToken cancellationToken)
    {
        db.Loyalty.Add(new(notification.CustomerId, notification.OrderId, (int)notification.Amount));
        return Task.CompletedTask;
    }
}
