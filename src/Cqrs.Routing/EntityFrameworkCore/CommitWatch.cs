using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Tells a context when what it wrote in a transaction is committed: not before that does its session depend on it.</summary>
internal sealed class CommitWatch : DbTransactionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        RoutedConnection.Of(eventData.Context)?.Writes.Committed(eventData.TransactionId);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        RoutedConnection.Of(eventData.Context)?.Writes.Committed(eventData.TransactionId);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) =>
        RoutedConnection.Of(eventData.Context)?.Writes.RolledBack();

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        RoutedConnection.Of(eventData.Context)?.Writes.RolledBack();
        return Task.CompletedTask;
    }

    // A commit whose answer got lost may have happened.
    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) =>
        RoutedConnection.Of(eventData.Context)?.Writes.Committed(eventData.TransactionId);

    public override Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        RoutedConnection.Of(eventData.Context)?.Writes.Committed(eventData.TransactionId);
        return Task.CompletedTask;
    }
}
