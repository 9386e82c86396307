using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>
/// Whether a server that replicas are on answers, and how many queries may turn from it to the primary: shared by all databases, tenants and users there, as one timeout tells of all of them. One per
/// server and process; thread safe.
/// </summary>
internal sealed class ServerHealth(ReplicaHealthOptions settings, DatabaseProvider database, TimeProvider timeProvider)
{
    private readonly ReplicaCircuit _circuit = new(settings.BreakDuration, timeProvider);
    private readonly FallbackBudget _budget = new(settings.MaxFallbacksPerSecond);
    private int _losses;

    public ReplicaHealthOptions Settings => settings;

    public TimeProvider Clock => timeProvider;

    /// <summary>Whether queries leave it alone because it did not answer.</summary>
    public bool IsBroken => _circuit.IsOpen;

    /// <summary>Whether it is to be probed, because it was not asked for long enough.</summary>
    public bool IsProbeDue => _circuit.IsProbeDue;

    /// <summary>How often it was lost: whoever remembers what it had has to ask again when this changes.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>What one of its errors means.</summary>
    public ReplicaErrorKind Classify(Exception error, bool opening) => database.ClassifyError(error, opening);

    /// <summary>Whether somebody waited in vain.</summary>
    public bool IsTimeout(Exception error) => database.IsTimeout(error);

    /// <summary>It was not there.</summary>
    /// <returns>Whether queries leave it alone from now on, and did not before.</returns>
    public bool RecordFailure(Exception error)
    {
        Interlocked.Increment(ref _losses);
        return _circuit.RecordFailure(database.IsTimeout(error));
    }

    /// <summary>Takes a query's share of what may fall back.</summary>
    public bool TryAcquireFallback() => _budget.TryTake();

    /// <summary>Asks it, because it did not answer, or somebody waited for it in vain.</summary>
    /// <returns>Whether queries ask it from now on and did not before, or the other way round.</returns>
    public Task<bool> ProbeAsync(bool onlyIfDue, Func<Task> ask) => _circuit.ProbeAsync(onlyIfDue, async () =>
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (IsSilent(e))
        {
            Interlocked.Increment(ref _losses);
            throw;
        }
        catch (Exception)
        {
            // The application's own, of an interceptor that needs its request: nobody can tell, so a query may try.
        }
    });

    private bool IsSilent(Exception error) => database.ClassifyError(error, opening: true) != ReplicaErrorKind.Other || database.IsTimeout(error);
}
