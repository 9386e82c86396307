using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;

namespace Sample.Application.Orders;

/// <summary>The newest orders whose customer or product contains a text, whatever its case.</summary>
public sealed record SearchOrders(string Text) : IQuery<IReadOnlyList<OrderSummary>>;

internal sealed class SearchOrdersHandler(IApplicationDbContext db) : IQueryHandler<SearchOrders, IReadOnlyList<OrderSummary>>
{
    private const int Most = 50;

    public async Task<IReadOnlyList<OrderSummary>> Handle(SearchOrders query, CancellationToken cancellationToken)
    {
        var text = query.Text.ToLowerInvariant();
        return await db.Orders
            .Where(order => order.Customer.Name.ToLower().Contains(text)
                || order.Lines.Any(line => line.Product.ToLower().Contains(text)))
            .OrderByDescending(order => order.Id)
            .Take(Most)
            .Select(OrderSummary.FromOrder)
            .ToListAsync(cancellationToken);
    }
}
