using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>Throws once, where it is told to, and then initialises connections as an application does: each that is opened, before anything else is sent on it.</summary>
internal sealed class Injector(DatabasePair pair) : IDbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor, ISaveChangesInterceptor, IMaterializationInterceptor
{
    private readonly ConcurrentDictionary<DbConnection, bool> _initialised = new(ReferenceEqualityComparer.Instance);
    private Cell? _cell;
    private Exception? _error;

    /// <summary>Who the application is working for: what the connections are initialised with.</summary>
    public string Tenant { get; set; } = "";

    public bool HasFired => _cell is not null && _error is null;

    /// <summary>Commands on connections that were not initialised since they were opened.</summary>
    public ConcurrentQueue<string> Uninitialised { get; } = new();

    /// <summary>A position was read on a server.</summary>
    public void Asked(Server server)
    {
        if (_cell?.Server == server)
            Throw(FaultPoint.Asking, connection: null);
    }

    public void Arm(Cell cell, Exception error) => (_cell, _error) = (cell, error);

    /// <returns>What was to be thrown and was not.</returns>
    public void Disarm() => (_cell, _error) = (null, null);

    public DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        result.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed)
                Throw(FaultPoint.Reset, result);
        };
        return result;
    }

    public InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        _initialised.TryRemove(connection, out _);
        return Throw(FaultPoint.Opening, connection, result);
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(ConnectionOpening(connection, eventData, result));

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        Throw(FaultPoint.Opened, connection);
        if (Tenants.SettingFor(connection, Tenant) is { } command)
        {
            using (command)
                command.ExecuteNonQuery();
        }

        _initialised[connection] = true;
    }

    public async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Throw(FaultPoint.Opened, connection);
        if (Tenants.SettingFor(connection, Tenant) is { } command)
        {
            await using (command)
                await command.ExecuteNonQueryAsync(cancellationToken);
        }

        _initialised[connection] = true;
    }

    public InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Throw(FaultPoint.Closing, connection);
        return Throw(FaultPoint.Resetting, connection, result);
    }

    public ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        new(ConnectionClosing(connection, eventData, result));

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Throw(FaultPoint.Closed, connection);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Throw(FaultPoint.Closed, connection);
        return Task.CompletedTask;
    }

    public InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result) =>
        Throw(FaultPoint.Starting, connection, result);

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        new(Throw(FaultPoint.Starting, connection, result));

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) => Throw(FaultPoint.Started, connection, result);

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        new(Throw(FaultPoint.Started, connection, result));

    public InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result) =>
        Throw(FaultPoint.Committing, transaction.Connection, result);

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(Throw(FaultPoint.Committing, transaction.Connection, result));

    // The driver's transaction has let go of its connection by then.
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Throw(FaultPoint.Committed, connection: null);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Throw(FaultPoint.Committed, connection: null);
        return Task.CompletedTask;
    }

    public InterceptionResult<DbCommand> CommandCreating(CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result) =>
        Throw(FaultPoint.Creating, eventData.Connection, result);

    public InterceptionResult ConnectionDisposing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => Throw(FaultPoint.Disposing, connection, result);

    public ValueTask<InterceptionResult> ConnectionDisposingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        new(Throw(FaultPoint.Disposing, connection, result));

    public InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Execute(command, result);

    public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        new(Execute(command, result));

    public InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => Execute(command, result);

    public ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(Execute(command, result));

    public InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Execute(command, result);

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Execute(command, result));

    public DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result) => ThrowOpen(FaultPoint.Executed, command, result);

    public ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        new(ThrowOpen(FaultPoint.Executed, command, result));

    public InterceptionResult DataReaderClosing(DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result) =>
        Throw(FaultPoint.ReaderClosing, command.Connection, result);

    public ValueTask<InterceptionResult> DataReaderClosingAsync(DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result) =>
        new(Throw(FaultPoint.ReaderClosing, command.Connection, result));

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) => Throw(FaultPoint.Saving, connection: null, result);

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Throw(FaultPoint.Saving, connection: null, result));

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result) => Throw(FaultPoint.Saved, connection: null, result);

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(Throw(FaultPoint.Saved, connection: null, result));

    public object InitializedInstance(MaterializationInterceptionData materializationData, object entity) => Throw(FaultPoint.Reading, connection: null, entity);

    private InterceptionResult<T> Execute<T>(DbCommand command, InterceptionResult<T> result)
    {
        if (!_initialised.ContainsKey(command.Connection!) || command.Connection!.State != ConnectionState.Open)
            Uninitialised.Enqueue($"{pair.ServerOf(command.Connection!)}: {command.CommandText}");
        return Throw(FaultPoint.Executing, command.Connection, result);
    }

    // EF would not close a reader that it has never got.
    private DbDataReader ThrowOpen(FaultPoint point, DbCommand command, DbDataReader result)
    {
        try
        {
            return Throw(point, command.Connection, result);
        }
        catch (Exception)
        {
            result.Dispose();
            throw;
        }
    }

    private T Throw<T>(FaultPoint point, DbConnection? connection, T result)
    {
        Throw(point, connection);
        return result;
    }

    private void Throw(FaultPoint point, DbConnection? connection)
    {
        if (_cell is not { } cell || cell.Point != point || (connection is not null && pair.ServerOf(connection) != cell.Server))
            return;
        if (Interlocked.Exchange(ref _error, null) is { } error)
            throw error;
    }
}
