using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Freshness;
using Cqrs.Routing.EntityFrameworkCore.Guard;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Cqrs.Routing.EntityFrameworkCore.Tracking;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>The connection that a routed context sees: its primary's or its replica's, chosen whenever it is about to be used.</summary>
/// <remarks>As long-lived and as little thread safe as the context.</remarks>
internal sealed partial class RoutedConnection : IRelationalConnection, ITransactionEnlistmentManager
{
    private readonly IRelationalConnection _primary;
    private readonly RouteReporter _report;
    private readonly OpenConnectionStack _open = new();
    private readonly ReplicaConnection _replica;
    private readonly ReplicaFallback _fallback;
    private readonly ConnectionSelector _switch;
    private readonly PrimaryConnectionRestorer _override;
    private readonly FreshnessCheck _proof;
    private readonly RelationalConnectionDependencies _dependencies;
    private readonly string _provider;
    private readonly WriteGuard _guard;
    private readonly UninterceptedCommandLogger _unguarded;
    private RoutedCommand? _command;
    private ReadOnlySession? _mirror;

    public RoutedConnection(IRelationalConnection primary, RelationalConnectionDependencies dependencies, IServiceProvider services)
    {
        _report = new(primary.Context, dependencies.ContextOptions, services);
        var options = dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;
        _primary = primary;
        _replica = new(primary, dependencies, services, _report, _open);
        _fallback = new(_replica, _report, options);
        Writes = new(primary, _replica, options);
        TrackingStatements = new(this, primary);
        _switch = new(primary, _replica, _open, TrackingStatements, _report, _fallback, new(primary.Context, _replica, Writes, _fallback));
        _override = new(primary, dependencies.ContextOptions);
        _dependencies = dependencies;
        _provider = services.GetRequiredService<IDatabaseProvider>().Name;
        _guard = services.GetRequiredService<WriteGuard>();
        _unguarded = services.GetRequiredService<UninterceptedCommandLogger>();
        _proof = new(_replica, Writes, _fallback, primary.Context.GetType(), options);
    }

    /// <summary>The routed connection of a context; null if it has none.</summary>
    public static RoutedConnection? Of(DbContext? context) =>
        ((IInfrastructure<IServiceProvider>?)context)?.Instance.GetService(typeof(IRelationalConnection)) as RoutedConnection;

    public DbContext Context => _primary.Context;

    public Guid ConnectionId => _switch.Active.ConnectionId;

    /// <summary>Whether the connection is open on the replica, or on a mirror for a query.</summary>
    public bool IsOnReplica => _switch.OnReplica;

    /// <summary>This connection as statements see it that track entities.</summary>
    public TrackingStatements TrackingStatements { get; }

    /// <summary>Whether statements tell whether they track entities: not where the application replaced EF's <c>IQueryContextFactory</c>. Then all count as tracking.</summary>
    public bool AreStatementsMarked { get; set; }

    /// <summary>What the context wrote, for its session.</summary>
    public WriteTracker Writes { get; }

    public string? ConnectionString
    {
        get
        {
            var frame = RouteFrame.Current;
            return (_switch.KeepsOpenConnection(frame) ? _switch.LastOpened : Bind(frame)).ConnectionString;
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
            var connection = _switch.KeepsOpenConnection(frame) ? _switch.LastOpened : BindWithoutCheck(frame);
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
        get => _switch.Active.CommandTimeout;
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
        _proof.Reset();
    }

    /// <summary>How old the replica was when it was measured last; null if that is unknown.</summary>
    public TimeSpan? ReplicaLag => _replica.HasOwnConnection ? _replica.Health.Survey?.LagTime : null;

    /// <summary>Why the context went where it went.</summary>
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
            FailedOpening.Dispose(_primary);
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
            await FailedOpening.DisposeAsync(_primary).ConfigureAwait(false);
        }
    }

    // A lease leaves something behind on a connection that it used, and on both if it changed how commands run on them.
    private bool IsPrimaryChanged => _switch.PrimaryUsed || _override.IsChanged || _replica.IsTimeoutChanged;

    private bool IsReplicaChanged => _switch.ReplicaUsed || _replica.IsTimeoutChanged;

    private ReadOnlySession Mirror => _mirror ??= new(_primary, RelationalOptionsExtension.Extract(_dependencies.ContextOptions));

    private void ChangePrimary()
    {
        _override.Remember();
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
        _proof.Reset();
    }

    // The connection goes back to its pool, for others to write with.
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

    // EF could not reset one of them, so it is still open or in a transaction. Disposed ones make themselves a new connection.
    private void Renew()
    {
        FailedOpening.Renew(_primary);
        if (_replica.Connection is { } replica)
            FailedOpening.Renew(replica);
    }

    private void Restore()
    {
        _override.Restore();
        _replica.Reset();
        _switch.Reset();
    }
}
