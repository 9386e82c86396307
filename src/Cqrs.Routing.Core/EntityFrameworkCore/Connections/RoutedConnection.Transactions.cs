using System.Data.Common;
using System.Transactions;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Storage;
using IsolationLevel = System.Data.IsolationLevel;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Begins transactions on the connection that the context is bound to, and ends them on the connection where they are open.</summary>
internal sealed partial class RoutedConnection
{
    public Transaction? CurrentAmbientTransaction => (_primary as ITransactionEnlistmentManager)?.CurrentAmbientTransaction;

    public Transaction? EnlistedTransaction => (_primary as ITransactionEnlistmentManager)?.EnlistedTransaction;

    public IDbContextTransaction? CurrentTransaction => _selector.CurrentTransaction;

    public IDbContextTransaction BeginTransaction() => Begin(isolationLevel: null, async: false, CancellationToken.None).GetAwaiter().GetResult();

    public IDbContextTransaction BeginTransaction(IsolationLevel isolationLevel) =>
        Begin(isolationLevel, async: false, CancellationToken.None).GetAwaiter().GetResult();

    public Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default) =>
        Begin(isolationLevel: null, async: true, cancellationToken).AsTask();

    public Task<IDbContextTransaction> BeginTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken = default) =>
        Begin(isolationLevel, async: true, cancellationToken).AsTask();

    public void CommitTransaction() => _selector.TransactionConnection.CommitTransaction();

    public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => _selector.TransactionConnection.CommitTransactionAsync(cancellationToken);

    public void RollbackTransaction() => _selector.TransactionConnection.RollbackTransaction();

    public Task RollbackTransactionAsync(CancellationToken cancellationToken = default) => _selector.TransactionConnection.RollbackTransactionAsync(cancellationToken);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction) => ServerOf(transaction).UseTransaction(transaction);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction, Guid transactionId) =>
        ServerOf(transaction).UseTransaction(transaction, transactionId);

    public Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, CancellationToken cancellationToken = default) =>
        ServerOf(transaction).UseTransactionAsync(transaction, cancellationToken);

    public Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, Guid transactionId, CancellationToken cancellationToken = default) =>
        ServerOf(transaction).UseTransactionAsync(transaction, transactionId, cancellationToken);

    /// <summary>Enlists the primary in a transaction. A replica never enlists.</summary>
    public void EnlistTransaction(Transaction? transaction)
    {
        Writes.Enlisted(transaction);
        if (_selector.BindPrimary() is ITransactionEnlistmentManager manager)
            manager.EnlistTransaction(transaction);
    }

    // The transaction would open its connection without this class. Therefore a replica is opened, and asked, before the transaction begins.
    private async ValueTask<IDbContextTransaction> Begin(IsolationLevel? isolationLevel, bool async, CancellationToken cancellationToken)
    {
        var frame = RouteFrame.Current;
        if (frame is { IsQuery: true })
            NoteOpener(frame, wasOpen: IsLeftOpen);
        if (frame is not { IsQuery: true, Decision.Route: DatabaseRole.Replica })
            return await BeginOn(Bind(frame), isolationLevel, async, cancellationToken).ConfigureAwait(false);

        await OpenAsync(errorsExpected: false, async, cancellationToken).ConfigureAwait(false);
        _isSerializable = isolationLevel == IsolationLevel.Serializable;
        try
        {
            var connection = Bind(frame);
            // SQLite begins a transaction as one that may write, which a read-only connection does not allow.
            if (_replica.IsMirror)
                Mirror.Follow(readOnly: false);
            return await BeginOn(connection, isolationLevel, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_replica.IsMirror)
                Mirror.Follow(readOnly: true);
            if (async)
                await CloseAsync().ConfigureAwait(false);
            else
                Close();
        }
    }

    // EF Core opens the connection as well, and keeps it open if the transaction does not begin.
    private static async ValueTask<IDbContextTransaction> BeginOn(
        IRelationalConnection connection, IsolationLevel? isolationLevel, bool async, CancellationToken cancellationToken)
    {
        var wasOpen = ConnectionCleanup.IsOpen(connection);
        try
        {
            return (isolationLevel, async) switch
            {
                (null, false) => connection.BeginTransaction(),
                (null, true) => await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false),
                ({ } level, false) => connection.BeginTransaction(level),
                ({ } level, true) => await connection.BeginTransactionAsync(level, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (Exception)
        {
            await ConnectionCleanup.UndoAsync(connection, wasOpen, async).ConfigureAwait(false);
            throw;
        }
    }

    private IRelationalConnection ServerOf(DbTransaction? transaction)
    {
        if (transaction is null)
        {
            Writes.TransactionSupplied(null);
            return _selector.TransactionConnection;
        }

        if (_replica.Connection is { } replica && ReferenceEquals(transaction.Connection, replica.DbConnection))
            return replica;

        Writes.TransactionSupplied(transaction);
        return _selector.BindPrimary();
    }
}
