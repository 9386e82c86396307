using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>Decides whether one replica may serve queries, for the router, the health check and the sample's page. One per process and database on a server; thread safe.</summary>
internal sealed class ReplicaHealth(ServerHealth server)
{
    // Without this pause, a query that always fails this way would reload the types each time.
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private long _reloadedAt;
    private SinceLoss _sinceLoss = new(server.Losses, null, null);

    public ReplicaHealth(ReplicaHealthOptions settings, DatabaseProvider database, TimeProvider timeProvider)
        : this(new(settings, database, timeProvider))
    {
    }

    /// <summary>Gets host and port, or the file, of the replica's server, for messages.</summary>
    public string ServerName => server.Name;

    public ReplicaHealthOptions Settings => server.Settings;

    public TimeProvider Clock => server.Clock;

    /// <summary>Gets the monitor, which measures role and lag while queries use the replica.</summary>
    public ReplicaMonitor Monitor { get; } = new(server.Settings, server.Clock);

    /// <summary>Gets why the primary has to serve at the moment; null if the replica may.</summary>
    public RouteReason? Refusal => IsBroken ? RouteReason.ReplicaUnavailable : Status?.Refusal;

    /// <summary>Gets whether queries avoid the replica's server because it did not answer.</summary>
    public bool IsBroken => server.IsBroken;

    /// <summary>Gets the last measurement; null if there is none yet.</summary>
    public ReplicaStatus? Status => Monitor.Last;

    /// <summary>Gets whether the server has to be probed because its break has ended.</summary>
    public bool IsProbeDue => server.IsProbeDue;

    /// <summary>Gets the check that every query has to make after an outage; null if it was completed since the last one.</summary>
    public RecoveryCheck? PendingRecoveryCheck => Current.RecoveryCheck;

    /// <summary>
    /// Gets the replayed position that a query last read from the replica; null if no query has since an outage. It is a lower bound, because one server never goes back.
    /// </summary>
    public ReplicationPosition? LastReplayed => Current.Replayed;

    /// <summary>Records a replayed position that a query read from the replica.</summary>
    public void Replayed(ReplicationPosition position)
    {
        lock (_gate)
            Volatile.Write(ref _sinceLoss, Renewed with { Replayed = position });
    }

    /// <summary>Classifies an error of the replica.</summary>
    /// <param name="error">The error, as thrown by the driver or EF Core.</param>
    /// <param name="opening">Whether the error was thrown while a connection was opened.</param>
    /// <param name="options">The options of the context. Their classification takes precedence over the provider's table.</param>
    public ReplicaErrorKind Classify(Exception error, bool opening, ReplicaOptions options) => options.ClassifyError?.Invoke(error) ?? server.Classify(error, opening);

    /// <summary>Returns whether an error is a timeout.</summary>
    public bool IsTimeout(Exception error) => server.IsTimeout(error);

    /// <summary>Records a failure of the replica. It counts against the server only if the replica was unavailable.</summary>
    /// <returns>Whether the failure opened the circuit, so that queries avoid the replica from now on.</returns>
    public bool RecordFailure(Exception error, ReplicaErrorKind failure) => failure == ReplicaErrorKind.Unavailable && server.RecordFailure(error);

    /// <summary>Completes a recovery check because the replica has reached the position, or because it cannot be checked. A newer check stays.</summary>
    public void CompleteRecoveryCheck(RecoveryCheck check)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_sinceLoss.RecoveryCheck, check))
                Volatile.Write(ref _sinceLoss, _sinceLoss with { RecoveryCheck = null });
        }
    }

    /// <summary>
    /// Gets whether a reload of the types is due. A query that may have met a type unknown to its pool then runs on the primary, while the replica's pool reloads the
    /// types.
    /// </summary>
    public bool IsReloadDue => Volatile.Read(ref _reloadedAt) is var at && (at == 0 || server.Clock.GetElapsedTime(at) > ReloadPause);

    /// <summary>Claims the next reload of types. Returns whether this caller may do it.</summary>
    public bool TryBeginReload()
    {
        var before = Volatile.Read(ref _reloadedAt);
        return IsReloadDue && Interlocked.CompareExchange(ref _reloadedAt, server.Clock.GetTimestamp(), before) == before;
    }

    /// <summary>Takes one fallback from the budget. Returns whether there was one left.</summary>
    public bool TryAcquireFallback() => server.TryAcquireFallback();

    /// <inheritdoc cref="ServerHealth.ProbeAsync"/>
    public Task<bool> ProbeAsync(bool onlyIfDue, Func<Task> ask) => server.ProbeAsync(onlyIfDue, ask);

    // Costs two volatile reads if the server had no outage.
    private SinceLoss Current
    {
        get
        {
            var current = Volatile.Read(ref _sinceLoss);
            if (current.Losses == server.Losses)
                return current;

            lock (_gate)
            {
                current = Renewed;
                Volatile.Write(ref _sinceLoss, current);
                return current;
            }
        }
    }

    private SinceLoss Renewed => server.Losses is var losses && _sinceLoss.Losses == losses ? _sinceLoss : new(losses, new(server.Clock), null);

    /// <param name="Losses">The number of outages of the server.</param>
    /// <param name="RecoveryCheck">The recovery check of the last outage; null if it is completed.</param>
    /// <param name="Replayed">The position that the replica has replayed since.</param>
    private sealed record SinceLoss(int Losses, RecoveryCheck? RecoveryCheck, ReplicationPosition? Replayed);
}
