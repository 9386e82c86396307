using Cqrs.Routing;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Api.Demo;

/// <summary>A mistake, kept to show what happens to it: a query that writes.</summary>
internal sealed record MarkOrderSeen(int OrderId) : IQuery<int>;

internal sealed class MarkOrderSeenHandler(IApplicationDbContext db) : IQueryHandler<MarkOrderSeen, int>
{
    public Task<int> Handle(MarkOrderSeen query, CancellationToken cancellationToken)
    {
        db.Loyalty.Add(new LoyaltyEntry(customerId: 1, query.OrderId, points: 1));
        return db.SaveChangesAsync(cancellationToken);
    }
}
