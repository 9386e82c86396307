using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;

namespace Sample.Infrastructure.Persistence;

/// <summary>Begins the transaction inside the execution strategy; a provider that retries refuses one that it did not begin.</summary>
internal sealed class UnitOfWork(SampleDbContext db) : IUnitOfWork
{
    public Task<T> InTransactionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
            return work(cancellationToken);

        var retry = false;
        return db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            // What a failed attempt saved is still tracked as saved, and would not be written again.
            if (retry)
                db.ChangeTracker.Clear();
            retry = true;

            await using var transaction = await db.Database.BeginTransactionAsync(token);
            var result = await work(token);
            await transaction.CommitAsync(token);
            return result;
        }, cancellationToken);
    }
}
