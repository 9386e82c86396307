using Cqrs.Routing.DocsTests.Prelude;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.DocsTests;

public sealed record ListCustomers : IQuery<int>
{
    public sealed class Handler(AppDbContext db) : IQueryHandler<ListCustomers, int>
    {
        public Task<int> Handle(ListCustomers query, CancellationToken cancellationToken) => db.Customers.CountAsync(cancellationToken);
    }
}
