using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using IsolationLevel = System.Data.IsolationLevel;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// The routed connection as <c>DbContext.Database</c> shows it: routing has to hear when the application takes the bare connection, or a bare transaction.
/// </summary>
internal sealed class ApplicationConnection(RoutedConnection routed) : IRelationalConnection, ITransactionEnlistmentManager
{
    private ApplicationTransaction? _transaction;

    /// <summary>For what EF itself does with it.</summary>
    public RoutedConnection Routed => routed;

    public DbContext Context => routed.Context;

    public Guid ConnectionId => routed.ConnectionId;

    public IDbContextTransaction? CurrentTransaction => Show(routed.CurrentTransaction);

    public Transaction? CurrentAmbientTransaction => routed.CurrentAmbientTransaction;

    public Transaction? EnlistedTransaction => routed.EnlistedTransaction;

    public string? ConnectionString
    {
        get => routed.ConnectionString;
        set => routed.ConnectionString = value;
    }

    [AllowNull]
    public DbConnection DbConnection
    {
        get
        {
            var connection = routed.DbConnection;
            routed.Writes.HandedOut(connection, routed.IsOnReplica);
            return connection;
        }
        set => routed.DbConnection = value;
    }

    public int? CommandTimeout
    {
        get => routed.CommandTimeout;
        set => routed.CommandTimeout = value;
    }

    public void SetDbConnection(DbConnection? value, bool contextOwnsConnection) => routed.SetDbConnection(value, contextOwnsConnection);

    public bool Open(bool errorsExpected = false) => routed.Open(errorsExpected);

    public Task<bool> OpenAsync(CancellationToken cancellationToken, bool errorsExpected = false) => routed.OpenAsync(cancellationToken, errorsExpected);

    public bool Close() => routed.Close();

    public Task<bool> CloseAsync() => routed.CloseAsync();

    public IRelationalCommand RentCommand() => routed.RentCommand();

    public void ReturnCommand(IRelationalCommand command) => routed.ReturnCommand(command);

    public IDbContextTransaction BeginTransaction() => Show(routed.BeginTransaction())!;

    public IDbContextTransaction BeginTransaction(IsolationLevel isolationLevel) => Show(routed.BeginTransaction(isolationLevel))!;

    public async Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default) =>
        Show(await routed.BeginTransactionAsync(cancellationToken).ConfigureAwait(false))!;

    public async Task<IDbContextTransaction> BeginTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken = default) =>
        Show(await routed.BeginTransactionAsync(isolationLevel, cancellationToken).ConfigureAwait(false))!;

    public void CommitTransaction() => routed.CommitTransaction();

    public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => routed.CommitTransactionAsync(cancellationToken);

    public void RollbackTransaction() => routed.RollbackTransaction();

    public Task RollbackTransactionAsync(CancellationToken cancellationToken = default) => routed.RollbackTransactionAsync(cancellationToken);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction) => Show(routed.UseTransaction(transaction));

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction, Guid transactionId) => Show(routed.UseTransaction(transaction, transactionId));

    public async Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, CancellationToken cancellationToken = default) =>
        Show(await routed.UseTransactionAsync(transaction, cancellationToken).ConfigureAwait(false));

    public async Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, Guid transactionId, CancellationToken cancellationToken = default) =>
        Show(await routed.UseTransactionAsync(transaction, transactionId, cancellationToken).ConfigureAwait(false));

    public void EnlistTransaction(Transaction? transaction) => routed.EnlistTransaction(transaction);

    public void ResetState() => routed.ResetState();

    public Task ResetStateAsync(CancellationToken cancellationToken = default) => routed.ResetStateAsync(cancellationToken);

    public void Dispose() => routed.Dispose();

    public ValueTask DisposeAsync() => routed.DisposeAsync();

    // The same object for the same transaction, as EF has it.
    private ApplicationTransaction? Show(IDbContextTransaction? transaction) =>
        transaction is null ? null
        : _transaction is { } shown && ReferenceEquals(shown.Inner, transaction) ? shown
        : _transaction = new(transaction, routed);
}
