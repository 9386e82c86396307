using MediatR;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>The transaction behavior of many code bases (eShop's): one transaction per outermost command, run again as a whole if the provider retries.</summary>
public sealed class TransactionBehavior<TRequest, TResponse>(ShopContext db) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
            return next();

        return db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var response = await next();
            await transaction.CommitAsync(cancellationToken);
            return response;
        });
    }
}
