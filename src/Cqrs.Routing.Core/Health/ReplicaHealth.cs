using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>Whether one replica may serve queries: the one definition for the router, the health check and the sample's page. One per database on a server and process; thread safe.</summary>
internal sealed class ReplicaHealth(ServerHealth server)
{
    // A query that can never be read would otherwise have the types loaded each time.
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private long _reloadedAt;
    private Seen _seen = new(server.Losses, null, null);

    public ReplicaHealth(ReplicaHealthOptions settings, DatabaseProvider database, TimeProvider timeProvider)
        : this(new(settings, database, timeProvider))
    {
    }

    public ReplicaHealthOptions Settings => server.Settings;

    public TimeProvider Clock => server.Clock;

    /// <summary>Measures role and lag while queries use the replica.</summary>
    public ReplicaMonitor Monitor { get; } = new(server.Settings, server.Clock);

    /// <summary>Why the primary has to serve for the time being; null if the replica may.</summary>
    public RouteReason? Refusal => IsBroken ? RouteReason.ReplicaUnavailable : Status?.Refusal;

    /// <summary>Whether queries leave the replica's server alone because it did not answer.</summary>
    public bool IsBroken => server.IsBroken;

    /// <summary>What was measured last; null if nothing was yet.</summary>
    public ReplicaStatus? Status => Monitor.Last;

    /// <summary>Whether the server is to be probed, because it was not asked for long enough.</summary>
    public bool IsProbeDue => server.IsProbeDue;

    /// <summary>Why every query has to ask the replica what it has; null if its server was not lost since the last one that did.</summary>
    public RecoveryCheck? PendingRecoveryCheck => Current.Doubt;

    /// <summary>What it had replayed when a query asked it last; null if none has since its server was lost. It has at least that, as one server never goes back.</summary>
    public ReplicationPosition? LastReplayed => Current.Replayed;

    /// <summary>It has told a query that it has replayed this much.</summary>
    public void Replayed(ReplicationPosition position)
    {
        lock (_gate)
            Volatile.Write(ref _seen, Renewed with { Replayed = position });
    }

    /// <summary>What an error of the replica means.</summary>
    /// <param name="error">As the driver or EF threw it.</param>
    /// <param name="opening">Whether it was thrown while a connection was opened.</param>
    /// <param name="options">The context's: its application may know better than the provider's table.</param>
    public ReplicaErrorKind Classify(Exception error, bool opening, ReplicaOptions options) => options.ClassifyError?.Invoke(error) ?? server.Classify(error, opening);

    /// <summary>Whether somebody waited in vain.</summary>
    public bool IsTimeout(Exception error) => server.IsTimeout(error);

    /// <summary>The replica failed; only where it was not there does that count against its server.</summary>
    /// <returns>Whether queries leave it alone from now on, and did not before.</returns>
    public bool RecordFailure(Exception error, ReplicaErrorKind failure) => failure == ReplicaErrorKind.Unavailable && server.RecordFailure(error);

    /// <summary>The replica has what was in doubt, or nobody can tell. A doubt that came up since remains.</summary>
    public void CompleteRecoveryCheck(RecoveryCheck doubt)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_seen.Doubt, doubt))
                Volatile.Write(ref _seen, _seen with { Doubt = null });
        }
    }

    /// <summary>Whether a query that may have met a type which its pool does not know runs on the primary, while the replica's pool loads the types again.</summary>
    public bool IsReloadDue => Volatile.Read(ref _reloadedAt) is var at && (at == 0 || server.Clock.GetElapsedTime(at) > ReloadPause);

    /// <summary>Claims the next loading of types.</summary>
    public bool TryBeginReload()
    {
        var before = Volatile.Read(ref _reloadedAt);
        return IsReloadDue && Interlocked.CompareExchange(ref _reloadedAt, server.Clock.GetTimestamp(), before) == before;
    }

    /// <summary>Takes a query's share of what may fall back.</summary>
    public bool TryAcquireFallback() => server.TryAcquireFallback();

    /// <inheritdoc cref="ServerHealth.ProbeAsync"/>
    public Task<bool> ProbeAsync(bool onlyIfDue, Func<Task> ask) => server.ProbeAsync(onlyIfDue, ask);

    // Two volatile reads where the server was not lost.
    private Seen Current
    {
        get
        {
            var seen = Volatile.Read(ref _seen);
            if (seen.Losses == server.Losses)
                return seen;

            lock (_gate)
            {
                seen = Renewed;
                Volatile.Write(ref _seen, seen);
                return seen;
            }
        }
    }

    private Seen Renewed => server.Losses is var losses && _seen.Losses == losses ? _seen : new(losses, new(server.Clock), null);

    /// <param name="Losses">How often the server had been lost.</param>
    /// <param name="Doubt">What came up then and was not settled since.</param>
    /// <param name="Replayed">What the replica had replayed since.</param>
    private sealed record Seen(int Losses, RecoveryCheck? Doubt, ReplicationPosition? Replayed);
}
