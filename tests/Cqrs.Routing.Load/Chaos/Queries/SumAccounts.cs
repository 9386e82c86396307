using Cqrs.Routing.Load.Application;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Scalars.</summary>
internal sealed record SumAccounts(int Own, int Shared) : ChaosQuery(Own, Shared);

internal sealed class SumAccountsHandler(LoadContext db) : IQueryHandler<SumAccounts, Answer>
{
    public async Task<Answer> Handle(SumAccounts query, CancellationToken cancellationToken)
    {
        var sum = await db.Accounts.SumAsync(account => account.Balance, cancellationToken);
        return new([], sum == 0 && await db.Documents.AnyAsync(cancellationToken) ? null : $"accounts that add up to {sum}, or no documents");
    }
}
