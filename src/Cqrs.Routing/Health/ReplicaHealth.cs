using System.Runtime.CompilerServices;

namespace Cqrs.Routing.Health;

/// <summary>Whether one replica may serve queries: the one definition for the router, the health check and the sample's page. One per replica and process; thread safe.</summary>
internal sealed class ReplicaHealth(HealthSettings settings, FailureTable failures, TimeProvider clock)
{
    private readonly ReplicaCircuit _circuit = new(settings.BreakDuration, clock);
    private readonly FallbackBudget _budget = new(settings.MaxFallbacksPerSecond);
    private volatile ReplicaDoubt? _doubt;
    private volatile StrongBox<ReplicationPosition>? _replayed;

    public HealthSettings Settings => settings;

    public TimeProvider Clock => clock;

    /// <summary>Measures role and lag while queries use the replica.</summary>
    public ReplicaMonitor Monitor { get; } = new(settings, clock);

    /// <summary>Why the primary has to serve for the time being; null if the replica may.</summary>
    public RouteReason? Refusal => IsBroken ? RouteReason.ReplicaUnavailable : Survey?.Refusal;

    /// <summary>Whether queries leave the replica alone because it did not answer.</summary>
    public bool IsBroken => _circuit.IsOpen;

    /// <summary>What was measured last; null if nothing was yet.</summary>
    public ReplicaSurvey? Survey => Monitor.Last;

    /// <summary>Whether the replica is to be probed, because it was not asked for long enough.</summary>
    public bool IsProbeDue => _circuit.IsProbeDue;

    /// <summary>Why every query has to ask the replica what it has; null if it was not lost since the last one that did. A volatile read.</summary>
    public ReplicaDoubt? Doubt => _doubt;

    /// <summary>What it had replayed when a query asked it last; null if none has since it was lost. It has at least that, as one server never goes back. A volatile read.</summary>
    public ReplicationPosition? LastReplayed => _replayed?.Value;

    /// <summary>It has told a query that it has replayed this much.</summary>
    public void Replayed(ReplicationPosition position) => _replayed = new(position);

    /// <summary>What an error of the replica means.</summary>
    /// <param name="error">As the driver or EF threw it.</param>
    /// <param name="opening">Whether it was thrown while a connection was opened.</param>
    /// <param name="options">The context's: its application may know better than the provider's table.</param>
    public ReplicaFailure Classify(Exception error, bool opening, ReplicaOptions options) => options.Classify?.Invoke(error) ?? failures.Of(error, opening);

    /// <summary>Whether somebody waited in vain.</summary>
    public bool IsTimeout(Exception error) => failures.IsTimeout(error);

    /// <summary>The replica failed; only where it was not there does that count against it.</summary>
    /// <returns>Whether queries leave it alone from now on, and did not before.</returns>
    public bool Failed(Exception error, ReplicaFailure failure)
    {
        if (failure != ReplicaFailure.Unavailable)
            return false;

        Doubts();
        return _circuit.Fail(failures.IsTimeout(error));
    }

    /// <summary>The replica has what was in doubt, or nobody can tell. A doubt that came up since remains.</summary>
    public void Trust(ReplicaDoubt doubt) => Interlocked.CompareExchange(ref _doubt, null, doubt);

    /// <summary>Takes a query's share of what may fall back.</summary>
    public bool TryTakeFallback() => _budget.TryTake();

    /// <summary>Asks a replica that did not answer, or that somebody waited for in vain.</summary>
    /// <returns>Whether queries ask it from now on and did not before, or the other way round.</returns>
    public Task<bool> ProbeAsync(bool onlyIfDue, Func<Task> ask) => _circuit.ProbeAsync(onlyIfDue, async () =>
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (Exception)
        {
            Doubts();
            throw;
        }
    });

    private void Doubts()
    {
        _doubt = new(clock);
        _replayed = null;
    }
}
