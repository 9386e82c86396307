using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;

namespace Sample.Application.Customers;

/// <summary>What a customer has paid for and earned so far.</summary>
public sealed record GetCustomerTotal(int CustomerId) : IQuery<CustomerTotal>;

/// <summary>A customer's paid orders and loyalty points.</summary>
public sealed record CustomerTotal(int PaidOrders, int Points);

internal sealed class GetCustomerTotalHandler(IApplicationDbContext db) : IQueryHandler<GetCustomerTotal, CustomerTotal>
{
    public async Task<CustomerTotal> Handle(GetCustomerTotal query, CancellationToken cancellationToken)
    {
        var entries = db.Loyalty.Where(entry => entry.CustomerId == query.CustomerId);
        return new(await entries.CountAsync(cancellationToken), await entries.SumAsync(entry => entry.Points, cancellationToken));
    }
}
