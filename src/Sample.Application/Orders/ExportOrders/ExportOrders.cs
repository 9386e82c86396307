using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;

namespace Sample.Application.Orders;

/// <summary>Every order, oldest first, read row by row: never the whole table in memory.</summary>
public sealed record ExportOrders : IStreamQuery<OrderSummary>;

internal sealed class ExportOrdersHandler(IApplicationDbContext db) : IStreamQueryHandler<ExportOrders, OrderSummary>
{
    public IAsyncEnumerable<OrderSummary> Handle(ExportOrders query, CancellationToken cancellationToken) =>
        db.Orders.OrderBy(order => order.Id).Select(OrderSummary.FromOrder).AsAsyncEnumerable();
}
