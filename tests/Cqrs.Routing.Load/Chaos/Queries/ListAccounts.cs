using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>A list, tracked, and then one row.</summary>
internal sealed record ListAccounts(int Own, int Shared) : ChaosQuery(Own, Shared);

internal sealed class ListAccountsHandler(LoadContext db) : IQueryHandler<ListAccounts, Answer>
{
    public async Task<Answer> Handle(ListAccounts query, CancellationToken cancellationToken)
    {
        var accounts = await db.Accounts.AsNoTracking().OrderBy(account => account.Id).ToListAsync(cancellationToken);
        return new([await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken)], Contents.Check(accounts));
    }
}
