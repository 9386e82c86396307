using System.Data.Common;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Internal;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Supports the later fallback stages: a statement that fails on the replica runs again, and so does a query's handler.</summary>
internal sealed partial class RoutedConnection : IRetryParticipant
{
    /// <summary>
    /// Gets or sets whether EF Core runs a command that the guard does not intercept. The code that catches the command's error must then report it.
    /// </summary>
    public bool IsUnguarded { get; set; }

    /// <summary>Returns whether a type is the database provider's own. A provider's name is the name of its assembly and of its namespace.</summary>
    public bool IsProviderType(Type type) => type.Namespace?.StartsWith(_provider, StringComparison.Ordinal) == true;

    /// <summary>Resets the state of the previous statement. Called before EF Core runs a statement.</summary>
    public void BeginStatement()
    {
        IsUnguarded = false;
        _mayFallBack = false;
        _isEFs = false;
        _isReading = false;
        _isOpening = false;
        _openBefore = _open.Count;
        _openToTrackBefore = TrackingStatements.Open;
    }

    Exception? IRetryParticipant.FailureIn(Exception error) =>
        _failure ?? (IsReplicaLost || IsReplicas(error) ? error : null);

    void IRetryParticipant.FallBack(RouteFrame query, ReplicaHealth replica, Exception error) => _fallback.Take(query, replica, FallbackStage.Handler, error);

    int IRetryParticipant.Lease => _lease;

    /// <summary>Returns whether a statement has just failed because of the replica, and may run again. For exception filters.</summary>
    /// <remarks>Its query may be on the primary already, because another of its contexts was sent there first.</remarks>
    public bool Catches(Exception error, CancellationToken cancellationToken) =>
        _selector.OnReplica && RouteFrame.Current is { IsQuery: true } && _replica.HasOwnConnection
        && (_mayFallBack && !_replica.IsOpenedByEF ? _fallback.Catches(error, opening: false, cancellationToken) : Remembers(error))
        || IsReported(error);

    // Always false: the caller gets the error.
    private bool IsReported(Exception error)
    {
        if (RouteFrame.Current is not { IsQuery: true } query)
            return false;

        // EF Core tells the guard of a failed command only if the guard intercepts it.
        query.Shadow?.Failed();
        if (_selector.OnReplica && _replica.HasOwnConnection)
            _fallback.ReportUnserved(query, error);
        return false;
    }

    /// <summary>Sends the query of the failed statement to the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    public void FallBack(Exception error)
    {
        _replica.DiscardIfAbandoned();
        _fallback.Take(RouteFrame.Current!, FallbackStage.Statement, error);
    }

    // EF Core has the connection open, but the driver has lost it.
    private bool IsReplicaLost => _replica.IsOpenedByEF && !ConnectionCleanup.IsOpen(_replica.Connection!);

    // PostgreSQL has one code for everything that a standby cannot do, a statement or a transaction. A query that asked for a serializable
    // transaction gets the error.
    private bool IsReplicas(Exception error) =>
        _fallback.Classify(error, opening: false) != ReplicaErrorKind.Other && !(_isSerializable && error is DbException { SqlState: "0A000" });

    private bool Remembers(Exception error)
    {
        if (IsReplicas(error))
            _failure = error;
        return false;
    }

    int IRetryParticipant.Tracked => _tracked;

    bool IRetryParticipant.CanRetry(RouteFrame query, int tracked) => _selector.CanReleaseReplica(query) && TrackingStatements.Open == 0 && IsTrackerAsBefore(tracked);

    void IRetryParticipant.PrepareRetry()
    {
        if (!_replica.IsOpenedByEF)
        {
            _replica.DiscardIfAbandoned();
            return;
        }

        _replica.Discard();
        _open.LoseReplica();
    }

    ReplicaReadTracker IRetryParticipant.Lend(RouteFrame query, ReplicaHealth health) => (Interlocked.Exchange(ref _readers, null) ?? new(this)).LendTo(query, health);

    void IRetryParticipant.TakeBack(ReplicaReadTracker readers) => Volatile.Write(ref _readers, readers);

#pragma warning disable EF1001 // For the same reason as the field.
    // A context without change detection would report no changes.
    private bool IsTrackerAsBefore(int tracked)
    {
        _entries ??= FindEntries();
        return _entries.Count == 0
            || (CountTracked(_entries) == tracked && Context.ChangeTracker is { AutoDetectChangesEnabled: true } tracker && !tracker.HasChanges());
    }

    private void NoteTracked()
    {
        if (_entries is not null)
            _tracked = CountTracked(_entries);
    }

    private IStateManager FindEntries() => ((IDbContextDependencies)Context).StateManager;

    // Excludes entities that are about to be deleted: SaveChanges removes them from the change tracker after its last statement.
    private static int CountTracked(IStateManager entries) => entries.GetCountForState(added: true, modified: true, unchanged: true);
#pragma warning restore EF1001
}
