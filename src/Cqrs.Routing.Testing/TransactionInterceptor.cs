using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing;

/// <summary>
/// Lets the simulator look for commits when a transaction has committed. The transaction's connection may stay open for another one.
/// </summary>
internal sealed class TransactionInterceptor(LagSimulator lag) : DbTransactionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => lag.Observe();

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        lag.Observe();
        return Task.CompletedTask;
    }
}
