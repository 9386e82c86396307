using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Application.Orders;

/// <summary>Reads the order's status. On a replica that lags, a paid order would look unpaid and be charged twice.</summary>
internal sealed class PayOrderValidator : AbstractValidator<PayOrder>
{
    public PayOrderValidator(IApplicationDbContext db) =>
        RuleFor(command => command.OrderId).CustomAsync(async (orderId, context, cancellationToken) =>
        {
            var status = await db.Orders
                .Where(order => order.Id == orderId)
                .Select(order => (OrderStatus?)order.Status)
                .SingleOrDefaultAsync(cancellationToken);
            if (status is null)
                context.AddFailure($"There is no order {orderId}.");
            else if (status != OrderStatus.Placed)
                context.AddFailure($"Order {orderId} is {status} already.");
        });
}
