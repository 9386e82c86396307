using System.Data;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Several statements that must see one and the same state.</summary>
internal sealed record ReadInTransaction(int Own, int Shared, TimeSpan Pause) : ChaosQuery(Own, Shared);

internal sealed class ReadInTransactionHandler(LoadContext db) : IQueryHandler<ReadInTransaction, Answer>
{
    public Task<Answer> Handle(ReadInTransaction query, CancellationToken cancellationToken) => db.Database.CreateExecutionStrategy().ExecuteAsync(
        query,
        async (query, cancellationToken) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var first = await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken);
            var accounts = await db.Accounts.AsNoTracking().ToListAsync(cancellationToken);
            await Task.Delay(query.Pause, cancellationToken);
            var second = await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new Answer([first, second], (first.Own, first.Shared) == (second.Own, second.Shared) ? Contents.Check(accounts) : $"{first} and then {second} in one transaction");
        },
        cancellationToken);
}
