using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore.Storage;
using IsolationLevel = System.Data.IsolationLevel;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Transactions begin where the context is bound, and end where they are open.</summary>
internal sealed partial class RoutedConnection
{
    public Transaction? CurrentAmbientTransaction => (_primary as ITransactionEnlistmentManager)?.CurrentAmbientTransaction;

    public Transaction? EnlistedTransaction => (_primary as ITransactionEnlistmentManager)?.EnlistedTransaction;

    public IDbContextTransaction? CurrentTransaction => _switch.Transacting.CurrentTransaction;

    public IDbContextTransaction BeginTransaction() => Bind().BeginTransaction();

    public IDbContextTransaction BeginTransaction(IsolationLevel isolationLevel) => Bind().BeginTransaction(isolationLevel);

    public Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default) =>
        Bind().BeginTransactionAsync(cancellationToken);

    public Task<IDbContextTransaction> BeginTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken = default) =>
        Bind().BeginTransactionAsync(isolationLevel, cancellationToken);

    public void CommitTransaction() => _switch.Transacting.CommitTransaction();

    public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => _switch.Transacting.CommitTransactionAsync(cancellationToken);

    public void RollbackTransaction() => _switch.Transacting.RollbackTransaction();

    public Task RollbackTransactionAsync(CancellationToken cancellationToken = default) => _switch.Transacting.RollbackTransactionAsync(cancellationToken);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction) => ServerOf(transaction).UseTransaction(transaction);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction, Guid transactionId) =>
        ServerOf(transaction).UseTransaction(transaction, transactionId);

    public Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, CancellationToken cancellationToken = default) =>
        ServerOf(transaction).UseTransactionAsync(transaction, cancellationToken);

    public Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, Guid transactionId, CancellationToken cancellationToken = default) =>
        ServerOf(transaction).UseTransactionAsync(transaction, transactionId, cancellationToken);

    /// <summary>A replica never enlists: the transaction is the primary's.</summary>
    public void EnlistTransaction(Transaction? transaction)
    {
        if (_switch.BindPrimary() is ITransactionEnlistmentManager manager)
            manager.EnlistTransaction(transaction);
    }

    private IRelationalConnection ServerOf(DbTransaction? transaction) =>
        transaction is null ? _switch.Transacting
        : _replica.Connection is { } replica && ReferenceEquals(transaction.Connection, replica.DbConnection) ? replica
        : _switch.BindPrimary();
}
