using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;

namespace Sample.Application.Orders;

/// <summary>The newest orders.</summary>
public sealed record ListOrders(int Take = 50) : IQuery<IReadOnlyList<OrderSummary>>;

internal sealed class ListOrdersHandler(IApplicationDbContext db) : IQueryHandler<ListOrders, IReadOnlyList<OrderSummary>>
{
    public async Task<IReadOnlyList<OrderSummary>> Handle(ListOrders query, CancellationToken cancellationToken) =>
        await db.Orders
            .OrderByDescending(order => order.Id)
            .Take(query.Take)
            .Select(OrderSummary.FromOrder)
            .ToListAsync(cancellationToken);
}
