using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;

namespace Sample.Api.Demo;

/// <summary>A mistake, kept to show what happens to it: a query that writes. It touches the order's row, as one that remembers when it was looked at would.</summary>
internal sealed record MarkOrderSeen(int OrderId) : IQuery<int>;

internal sealed class MarkOrderSeenHandler(IApplicationDbContext db) : IQueryHandler<MarkOrderSeen, int>
{
    public Task<int> Handle(MarkOrderSeen query, CancellationToken cancellationToken) => db.Orders
        .Where(order => order.Id == query.OrderId)
        .ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Status, order => order.Status), cancellationToken);
}
