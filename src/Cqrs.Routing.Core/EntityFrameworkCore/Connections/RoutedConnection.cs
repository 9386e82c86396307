using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Freshness;
using Cqrs.Routing.EntityFrameworkCore.Guard;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Cqrs.Routing.Health;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>The connection that a routed context uses: its primary's or its replica's, chosen before each use.</summary>
/// <remarks>Has the lifetime of the context; not thread safe.</remarks>
internal sealed partial class RoutedConnection : IRelationalConnection, ITransactionEnlistmentManager, IReportedConnection, IGuardedConnection
{
    private readonly IRelationalConnection _primary;
    private readonly RouteReporter _report;
    private readonly OpenConnectionStack _open = new();
    private readonly ReplicaConnection _replica;
    private readonly ReplicaFallback _fallback;
    private readonly ConnectionSelector _selector;
    private readonly PrimaryConnectionRestorer _restorer;
    private readonly FreshnessCheck _freshness;
    private readonly RelationalConnectionDependencies _dependencies;
    private readonly string _provider;
    private readonly WriteGuard _guard;
    private readonly UninterceptedCommandLogger _unguarded;
    private RoutedCommand? _command;
    private ReadOnlySession? _mirror;

    // Kept for the lifetime of the connections: setup on them outlives a lease of a pooled context, as with EF Core alone.
    private HandSetup? _ofPrimary;
    private HandSetup? _ofReplica;

    // Whether EF Core runs a LINQ command and takes the bare connection for it, before or after opening it.
    private bool _isEFs;

    // Whether EF Core is about to open the connection for a LINQ command that reads.
    private bool _isReading;

    // Whether EF Core is about to open the connection for a LINQ command of any kind.
    private bool _isOpening;

    // Whether the next opening is by hand, or by EF Core in order to save.
    private bool _opensByHand;
    private Guid? _refusedCommand;

    private ReplicaReadTracker? _readers;
    private RouteFrame? _readFor;
    private int _lease;

    // The number of tracked entities when the context last closed a connection. Statements track entities before that; entities attached since were
    // attached by hand.
    private int _tracked;
#pragma warning disable EF1001 // The public Entries() visits every entry, so each statement would cost time in proportion to the tracked entities; EF Core 11 has the members unchanged.
    private IStateManager? _entries;
#pragma warning restore EF1001

    // The replica's error for a statement that could not run again by itself. Disposing a transaction that was lost with it may throw another error.
    private Exception? _failure;

    // The number of openings when the statement began.
    private int _openBefore;
    private int _openToTrackBefore;

    // Whether the query asked the replica for a serializable transaction.
    private bool _isSerializable;

    // Whether the running statement has opened the replica while nothing was open.
    private bool _mayFallBack;

    // The query that has opened the connection by hand, or taken the bare connection, while it was closed.
    private RouteFrame? _openedBy;

    public RoutedConnection(IRelationalConnection primary, RelationalConnectionDependencies dependencies, IServiceProvider services)
    {
        _report = new(primary.Context, this, dependencies.ContextOptions, services);
        var options = dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;
        _primary = primary;
        _replica = new(primary, dependencies, services, _report, _open);
        _fallback = new(_replica, _report, options);
        Writes = new(primary, _replica, options);
        TrackingStatements = new(this, primary);
        _selector = new(primary, _replica, _open, TrackingStatements, _report, _fallback, new(primary.Context, _replica, Writes, _fallback));
        _restorer = new(primary, dependencies.ContextOptions);
        _dependencies = dependencies;
        _provider = services.GetRequiredService<IDatabaseProvider>().Name;
        _guard = services.GetRequiredService<WriteGuard>();
        _unguarded = services.GetRequiredService<UninterceptedCommandLogger>();
        _freshness = new(_replica, Writes, _fallback, primary.Context.GetType(), options);
    }

    /// <summary>Gets the routed connection of a context; null if it has none.</summary>
    public static RoutedConnection? Find(DbContext? context) => IGuardedConnection.Find(context) as RoutedConnection;

    public DbContext Context => _primary.Context;

    public Guid ConnectionId => _selector.Active.ConnectionId;

    /// <summary>Gets whether the connection is open on the replica, or on a mirror for a query.</summary>
    public bool IsOnReplica => _selector.OnReplica;

    /// <summary>Gets this connection as tracking statements use it.</summary>
    public TrackingStatements TrackingStatements { get; }

    /// <summary>
    /// Gets or sets whether statements report whether they track entities. They do not if the application replaced EF Core's
    /// <c>IQueryContextFactory</c>; then all count as tracking.
    /// </summary>
    public bool AreStatementsMarked { get; set; }

    /// <summary>Gets the tracker that records the context's writes in its session.</summary>
    public WriteTracker Writes { get; }

    public string? ConnectionString
    {
        get
        {
            var frame = RouteFrame.Current;
            return (_selector.KeepsOpenConnection(frame) ? _selector.LastOpened : Bind(frame)).ConnectionString;
        }

        set
        {
            ChangePrimary();
            _primary.ConnectionString = value;
        }
    }

    [AllowNull]
    public DbConnection DbConnection
    {
        get
        {
            var frame = RouteFrame.Current;
            var isTaken = NoteTaken(frame);
            var connection = _selector.KeepsOpenConnection(frame) ? _selector.LastOpened : BindWithoutCheck(frame);
            if (_isEFs)
                return connection.DbConnection;

            var driver = connection.DbConnection;
            NoteHandedOut(connection);
            if (!isTaken)
                return driver;

            frame!.MarkNotRetryable(onReplica: ReferenceEquals(connection, _replica.Connection));
            NoteOpener(frame, wasOpen: driver.State != ConnectionState.Closed);
            return driver;
        }

        set => SetDbConnection(value, contextOwnsConnection: false);
    }

    public int? CommandTimeout
    {
        get => _selector.Active.CommandTimeout;
        set
        {
            _primary.CommandTimeout = value;
            _replica.SetCommandTimeout(value);
        }
    }

    public void SetDbConnection(DbConnection? value, bool contextOwnsConnection)
    {
        ChangePrimary();
        _primary.SetDbConnection(value, contextOwnsConnection);
    }

    /// <summary>Names the replica that belongs to the connection that the application has just set; null for none.</summary>
    public void SetReplica(string? connectionString)
    {
        _replica.OverrideForLease(connectionString);
        _freshness.Reset();
    }

    TimeSpan? IReportedConnection.ReplicaLag => _replica.HasOwnConnection ? _replica.Health.Status?.LagTime : null;

    bool IReportedConnection.IsInTransaction => CurrentTransaction is not null;

    bool IReportedConnection.HasOwnReplica => _replica is { Exists: true, IsMirror: false };

    void IGuardedConnection.NoteWrite() => Writes.OnWrite();

    /// <summary>Returns the explanation of the context's route.</summary>
    public RouteExplanation Explain() => _report.Explain();

    public IRelationalCommand RentCommand()
    {
        var command = _command ?? new(_primary.RentCommand(), this, _guard, _unguarded);
        _command = null;
        return command;
    }

    public void ReturnCommand(IRelationalCommand command)
    {
        if (command is RoutedCommand guarded)
            _command = guarded;
        else
            _primary.ReturnCommand(command);
    }

    public void ResetState()
    {
        try
        {
            Release();
            if (IsPrimaryChanged)
                _primary.ResetState();
            if (IsReplicaChanged)
                _replica.Connection?.ResetState();
        }
        catch (Exception)
        {
            Renew();
            throw;
        }
        finally
        {
            Restore();
        }
    }

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            Release();
        }
        catch (Exception e)
        {
            return RestoreAfterAsync(Task.FromException(e), Task.CompletedTask);
        }

        var primary = IsPrimaryChanged ? _primary.ResetStateAsync(cancellationToken) : Task.CompletedTask;
        var replica = IsReplicaChanged && _replica.Connection is { } connection ? connection.ResetStateAsync(cancellationToken) : Task.CompletedTask;
        if (!primary.IsCompletedSuccessfully || !replica.IsCompletedSuccessfully)
            return RestoreAfterAsync(primary, replica);

        Restore();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        try
        {
            Release();
            _replica.Discard();
        }
        finally
        {
            ConnectionCleanup.Dispose(_primary);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            Release();
            await _replica.DiscardAsync().ConfigureAwait(false);
        }
        finally
        {
            await ConnectionCleanup.DisposeAsync(_primary).ConfigureAwait(false);
        }
    }

    // A lease leaves state on a connection that it used, and on both connections if it changed the command timeout.
    private bool IsPrimaryChanged => _selector.PrimaryUsed || _restorer.IsChanged || _replica.IsTimeoutChanged;

    private bool IsReplicaChanged => _selector.ReplicaUsed || _replica.IsTimeoutChanged;

    private ReadOnlySession Mirror => _mirror ??= new(_primary, RelationalOptionsExtension.Extract(_dependencies.ContextOptions));

    private void ChangePrimary()
    {
        _restorer.Remember();
        _replica.PrimaryChanged();
        Writes.Reset();
    }

    private void Release()
    {
        _lease++;
        _tracked = 0;
        _readFor?.ForgetReader(this, _failure);
        _readFor = null;
        _failure = null;
        _openedBy?.Forget(this);
        _openedBy = null;
        TrackingStatements.ResetState();
        LeaveMirror();
        Writes.Reset();
        _freshness.Reset();
    }

    // The connection returns to its pool, and its next users may write.
    private void LeaveMirror()
    {
        try
        {
            _mirror?.Leave();
        }
        finally
        {
            _mirror?.Reset();
        }
    }

    private async Task RestoreAfterAsync(Task primary, Task replica)
    {
        try
        {
            await Task.WhenAll(primary, replica).ConfigureAwait(false);
        }
        catch (Exception)
        {
            Renew();
            throw;
        }
        finally
        {
            Restore();
        }
    }

    // EF Core could not reset one of the connections, so it is still open or in a transaction. A disposed one creates a new driver connection.
    private void Renew()
    {
        ConnectionCleanup.Renew(_primary);
        if (_replica.Connection is { } replica)
            ConnectionCleanup.Renew(replica);
    }

    private void Restore()
    {
        _restorer.Restore();
        _replica.Reset();
        _selector.Reset();
    }

    private void NoteHandedOut(IRelationalConnection connection)
    {
        if (ReferenceEquals(connection, _replica.Connection))
        {
            _replica.IsHandedOut = true;
            _ofReplica ??= new();
        }
        else
        {
            _ofPrimary ??= new();
        }

        SetUp(connection);
    }

    // Copies the application's setup from the other connection.
    private void SetUp(IRelationalConnection connection)
    {
        if (_replica.Connection is not { } replica)
            return;
        if (ReferenceEquals(connection, replica))
        {
            _ofPrimary?.Copy(_primary.DbConnection, replica.DbConnection, _ofReplica);
        }
        else
        {
            _ofReplica?.Copy(replica.DbConnection, _primary.DbConnection, _ofPrimary);
        }
    }

    /// <summary>Records that EF Core runs a LINQ command on this connection.</summary>
    public void BeginCommand(IRelationalConnection connection, CommandSource source, bool reads)
    {
        // Tracking statements have a connection of their own, which the application never sees.
        _isEFs = !ReferenceEquals(connection, TrackingStatements);
        _isReading = _isEFs && reads;
        _isOpening = _isEFs;
        // Raw SQL may call code that writes.
        if (source != CommandSource.LinqQuery && RouteFrame.IsOutside(RouteFrame.Current))
            Writes.OnWrite();
    }

    private void NoteOpening()
    {
        if (!_isReading && RouteFrame.IsOutside(RouteFrame.Current))
            Writes.OpenedByHand();
        _opensByHand = !_isOpening;
        _isReading = false;
        _isOpening = false;
    }

    // Returns whether a query takes the bare connection. A connection that is already open was either opened by hand, which was recorded outside
    // requests, or by EF Core. EF Core takes it more than once if there are listeners.
    private bool NoteTaken(RouteFrame? frame)
    {
        if (_isEFs || (_open.Any && !_open.IsByHand))
            return false;
        if (frame is { IsQuery: true })
            return true;

        if (RouteFrame.IsOutside(frame) && CurrentTransaction is null && !_open.Any)
            Writes.OnRawConnectionExposed();
        return false;
    }

    public ReplicaConnection Replica => _replica;

    /// <summary>Measures the replica now. The replica's connection must have been built.</summary>
    public Task<ReplicaStatus> MeasureAsync(CancellationToken cancellationToken)
    {
        var options = _dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;
        return new ReplicaStatusReporter(_replica, _report, options).MeasureAsync(cancellationToken);
    }

    /// <exception cref="InvalidOperationException">There is no replica to wait for, or no source of positions.</exception>
    /// <exception cref="TimeoutException">The replica has not caught up in time.</exception>
    public async Task WaitForReplicaAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_replica.IsMirror)
            return;
        if (!_replica.TryPrepare())
            throw new InvalidOperationException($"{_report.ContextName} has no replica to wait for: {_replica.InactiveCause ?? "UseReplica was called without one. Pass UseReplica its connection string, or do not wait."} [CR235]");
        if (_replica.Positions is NoPositions)
            throw new InvalidOperationException(ReplicaMessages.NothingToWaitBy(_report.ContextName));

        using var hidden = AmbientTransactions.Get() == AmbientTransactionState.None ? null : AmbientTransactions.Suppress();
        var catchUp = new ReplicaCatchUp(_report.ContextName, Writes.PositionReader, _replica.Positions, _replica.CreateSideConnection());
        await catchUp.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        // The awaited change may be a migration.
        await _replica.ReloadTypesAsync(cancellationToken).ConfigureAwait(false);
    }

    void IGuardedConnection.NotePrimaryRefusal(Guid? command, Exception error)
    {
        // The guard is called twice for each command.
        if (command is not null && command == _refusedCommand)
            return;

        _refusedCommand = command;
        Log.PrimaryReadOnly(_report.Logger, _report.ContextName, ErrorCode.Get(error));
    }
}
