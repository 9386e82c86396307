using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>The routed connection as <c>DbContext.Database</c> shows it: <c>GetDbConnection()</c> is the one call that routing has to hear of.</summary>
internal sealed class ApplicationConnection(RoutedConnection routed) : IRelationalConnection
{
    public DbContext Context => routed.Context;

    public Guid ConnectionId => routed.ConnectionId;

    public IDbContextTransaction? CurrentTransaction => routed.CurrentTransaction;

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
            routed.Writes.HandedOut();
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

    public IDbContextTransaction BeginTransaction() => routed.BeginTransaction();

    public IDbContextTransaction BeginTransaction(IsolationLevel isolationLevel) => routed.BeginTransaction(isolationLevel);

    public Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default) => routed.BeginTransactionAsync(cancellationToken);

    public Task<IDbContextTransaction> BeginTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken = default) =>
        routed.BeginTransactionAsync(isolationLevel, cancellationToken);

    public void CommitTransaction() => routed.CommitTransaction();

    public Task CommitTransactionAsync(CancellationToken cancellationToken = default) => routed.CommitTransactionAsync(cancellationToken);

    public void RollbackTransaction() => routed.RollbackTransaction();

    public Task RollbackTransactionAsync(CancellationToken cancellationToken = default) => routed.RollbackTransactionAsync(cancellationToken);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction) => routed.UseTransaction(transaction);

    public IDbContextTransaction? UseTransaction(DbTransaction? transaction, Guid transactionId) => routed.UseTransaction(transaction, transactionId);

    public Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, CancellationToken cancellationToken = default) =>
        routed.UseTransactionAsync(transaction, cancellationToken);

    public Task<IDbContextTransaction?> UseTransactionAsync(DbTransaction? transaction, Guid transactionId, CancellationToken cancellationToken = default) =>
        routed.UseTransactionAsync(transaction, transactionId, cancellationToken);

    public void ResetState() => routed.ResetState();

    public Task ResetStateAsync(CancellationToken cancellationToken = default) => routed.ResetStateAsync(cancellationToken);

    public void Dispose() => routed.Dispose();

    public ValueTask DisposeAsync() => routed.DisposeAsync();
}
