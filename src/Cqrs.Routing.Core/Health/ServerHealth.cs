using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>
/// Tracks whether a server with replicas answers, and limits how many of its queries may fall back to the primary. All databases, tenants and users on the server share
/// it, because a timeout affects all of them. One per server and process; thread safe.
/// </summary>
internal sealed class ServerHealth(ReplicaHealthOptions settings, DatabaseProvider database, TimeProvider timeProvider, string name = "")
{
    private readonly ReplicaCircuit _circuit = new(settings.BreakDuration, timeProvider);
    private readonly FallbackBudget _budget = new(settings.MaxFallbacksPerSecond);
    private int _losses;

    /// <summary>Gets host and port, or the file, for messages.</summary>
    public string Name => name;

    public ReplicaHealthOptions Settings => settings;

    public TimeProvider Clock => timeProvider;

    /// <summary>Gets whether queries avoid the server because it did not answer.</summary>
    public bool IsBroken => _circuit.IsOpen;

    /// <summary>Gets whether the server has to be probed because its break has ended.</summary>
    public bool IsProbeDue => _circuit.IsProbeDue;

    /// <summary>Gets the number of outages. If it changes, positions read from the server before must be read again.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>Classifies an error of the server.</summary>
    public ReplicaErrorKind Classify(Exception error, bool opening) => database.ClassifyError(error, opening);

    /// <summary>Returns whether an error is a timeout.</summary>
    public bool IsTimeout(Exception error) => database.IsTimeout(error);

    /// <summary>Records that the server was unavailable.</summary>
    /// <returns>Whether the failure opened the circuit, so that queries avoid the server from now on.</returns>
    public bool RecordFailure(Exception error)
    {
        Interlocked.Increment(ref _losses);
        return _circuit.RecordFailure(database.IsTimeout(error));
    }

    /// <summary>Takes one fallback from the budget. Returns whether there was one left.</summary>
    public bool TryAcquireFallback() => _budget.TryTake();

    /// <summary>Probes the server, because it did not answer or a query timed out.</summary>
    /// <returns>Whether the probe changed whether queries use the server.</returns>
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
            // An error of the application, for example of an interceptor that needs its request. The state is unknown, so a query may try.
        }
    });

    private bool IsSilent(Exception error) => database.ClassifyError(error, opening: true) != ReplicaErrorKind.Other || database.IsTimeout(error);
}
