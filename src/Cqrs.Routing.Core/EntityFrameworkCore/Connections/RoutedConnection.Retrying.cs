using System.Data.Common;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Internal;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>What the later rungs of the ladder need to know: a statement that fails on the replica runs again, and so does a query's handler.</summary>
internal sealed partial class RoutedConnection : IRetryParticipant
{

    /// <summary>Whether EF runs a command that the guard does not watch, so that whoever catches its error has to report it.</summary>
    public bool IsUnguarded { get; set; }

    /// <summary>Whether a type is the database provider's own. A provider's name is that of its assembly, and of its namespace.</summary>
    public bool IsProviderType(Type type) => type.Namespace?.StartsWith(_provider, StringComparison.Ordinal) == true;

    /// <summary>EF is about to run a statement.</summary>
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

    /// <summary>Whether a statement that has just failed, failed because of the replica, and may run again. For exception filters.</summary>
    /// <remarks>Its query may be on the primary already: another of its contexts was first.</remarks>
    public bool Catches(Exception error, CancellationToken cancellationToken) =>
        _selector.OnReplica && RouteFrame.Current is { IsQuery: true } && _replica.HasOwnConnection
        && (_mayFallBack && !_replica.IsOpenedByEF ? _fallback.Catches(error, opening: false, cancellationToken) : Remembers(error));

    /// <summary>Sends the query whose statement failed to the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    public void FallBack(Exception error)
    {
        _replica.DiscardIfAbandoned();
        _fallback.Take(RouteFrame.Current!, FallbackStage.Statement, error);
    }

    // EF has it open, and the driver has lost it.
    private bool IsReplicaLost => _replica.IsOpenedByEF && !ConnectionCleanup.IsOpen(_replica.Connection!);

    // PostgreSQL has one code for what a standby cannot do, a statement or a transaction. Who asks for the latter by name is told.
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

#pragma warning disable EF1001 // As for the field.
    // A context that detects no changes would show none.
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

    // Without those that are about to be deleted: SaveChanges takes them out after its last statement.
    private static int CountTracked(IStateManager entries) => entries.GetCountForState(added: true, modified: true, unchanged: true);
#pragma warning restore EF1001
}
