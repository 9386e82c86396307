using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>What the later rungs of the ladder need to know: a statement that fails on the replica runs again, and so does a query's handler.</summary>
internal sealed partial class RoutedConnection : IReplicaReader
{
    private ReplicaReaders? _readers;
    private int _lease;

    // Whether the statement that runs has opened the replica, where nothing was open before.
    private bool _mayFallBack;

    /// <summary>Whether EF runs a command that the guard does not watch, so that whoever catches its error has to report it.</summary>
    public bool IsUnguarded { get; set; }

    /// <summary>Whether a type is the database provider's own. A provider's name is that of its assembly, and of its namespace.</summary>
    public bool IsProviders(Type type) => type.Namespace?.StartsWith(_provider, StringComparison.Ordinal) == true;

    /// <summary>EF is about to run a statement.</summary>
    public void BeginStatement()
    {
        IsUnguarded = false;
        _mayFallBack = false;
    }

    string IReplicaReader.Name => _report.ContextName;

    ILogger IReplicaReader.Logger => _report.Logger;

    ReplicaFailure IReplicaReader.Classify(Exception error) => _fallback.Classify(error, opening: false);

    int IReplicaReader.Lease => _lease;

    /// <summary>Whether a statement that has just failed, failed because of the replica, and may run again. For exception filters.</summary>
    /// <remarks>Its query may be on the primary already: another of its contexts was first.</remarks>
    public bool Catches(Exception error, CancellationToken cancellationToken) =>
        _mayFallBack && _switch.OnReplica && RouteFrame.Current is { IsQuery: true } && _replica.IsOwn && !_replica.IsHeld && _fallback.Catches(error, opening: false, cancellationToken);

    /// <summary>Sends the query whose statement failed to the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">It may not go there.</exception>
    public void FallBack(Exception error)
    {
        _replica.LetGo();
        _fallback.Take(RouteFrame.Current!, Rung.Operation, error);
    }

    bool IReplicaReader.CanBeginAnew => !_replica.IsHeld && TrackingStatements.Open == 0 && IsTrackerEmpty();

    void IReplicaReader.BeginAnew() => _replica.LetGo();

    ReplicaReaders IReplicaReader.Lend(RouteFrame query, ReplicaHealth health) => (Interlocked.Exchange(ref _readers, null) ?? new(this)).LendTo(query, health);

    void IReplicaReader.TakeBack(ReplicaReaders readers) => Volatile.Write(ref _readers, readers);

    // Without detecting changes: what is not tracked has none.
    private bool IsTrackerEmpty()
    {
        var tracker = Context.ChangeTracker;
        var detectsChanges = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            return !tracker.Entries().Any();
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detectsChanges;
        }
    }
}
