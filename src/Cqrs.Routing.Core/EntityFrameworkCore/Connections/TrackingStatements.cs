using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using IsolationLevel = System.Data.IsolationLevel;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>
/// The connection of a context as tracking statements use it. It leads to the primary, even while the context has the replica open. It closes its own
/// openings, in whatever order the statements of a context end.
/// </summary>
/// <remarks>
/// EF Core opens and closes it, and takes commands, the bare connection and the transaction from it. The routed connection implements everything
/// else.
/// </remarks>
internal sealed class TrackingStatements(RoutedConnection routed, IRelationalConnection primary) : IRelationalConnection
{
    /// <summary>The entity of a statement that was compiled without a marker.</summary>
    public const string UnknownEntity = "an entity";

    /// <summary>Gets the number of statements that have it open.</summary>
    public int Open { get; private set; }

    /// <summary>Gets the entity of the statement that uses it next, for messages.</summary>
    public string Entity { get; private set; } = UnknownEntity;

    public DbContext Context => routed.Context;

    public Guid ConnectionId => primary.ConnectionId;

    public IDbContextTransaction? CurrentTransaction => primary.CurrentTransaction;

    public string? ConnectionString
    {
        get => primary.ConnectionString;
        set => routed.ConnectionString = value;
    }

    [AllowNull]
    public DbConnection DbConnection
    {
        get => primary.DbConnection;
        set => routed.DbConnection = value;
    }

    public int? CommandTimeout
    {
        get => primary.CommandTimeout;
        set => routed.CommandTimeout = value;
    }

    public TrackingStatements For(string entity)
    {
        Entity = entity;
        return this;
    }

    bool IRelationalConnection.Open(bool errorsExpected) => Opened(routed.OpenToTrack(errorsExpected));

    public Task<bool> OpenAsync(CancellationToken cancellationToken, bool errorsExpected = false)
    {
        var opening = routed.OpenToTrackAsync(errorsExpected, cancellationToken);
        return opening.IsCompletedSuccessfully ? Task.FromResult(Opened(opening.Result)) : OpenedAsync(opening);
    }

    public bool Close()
    {
        Open--;
        return routed.CloseTracked();
    }

    public Task<bool> CloseAsync()
    {
        Open--;
        return routed.CloseTrackedAsync();
    }

    public IRelationalCommand RentCommand() => routed.RentCommand();

    public void ReturnCommand(IRelationalCommand command) => routed.ReturnCommand(command);

    public void SetDbConnection(DbConnection? value, bool contextOwnsConnection) => routed.SetDbConnection(value, contextOwnsConnection);

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

    /// <summary>Resets the state after the context was disposed or returned to its pool.</summary>
    public void ResetState() => Open = 0;

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        ResetState();
        return Task.CompletedTask;
    }

    // The routed connection owns everything.
    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<bool> OpenedAsync(ValueTask<bool> opening) => Opened(await opening.ConfigureAwait(false));

    private bool Opened(bool wasOpened)
    {
        Open++;
        return wasOpened;
    }
}
