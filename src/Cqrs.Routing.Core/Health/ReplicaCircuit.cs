using Cqrs.Routing.Internal;
using Polly;
using Polly.CircuitBreaker;

namespace Cqrs.Routing.Health;

/// <summary>Keeps queries away from a replica that does not answer, and probes it in the background from time to time. Thread safe.</summary>
/// <remarks>Polly's circuit breaker receives failures only: an open that is answered from a connection pool does not show that the server answers.</remarks>
internal sealed class ReplicaCircuit
{
    /// <summary>The number of failures that opens the circuit: low, so that few queries wait for a failed replica, and more than one broken socket.</summary>
    private const int FailuresToOpen = 3;

    private const int MaxDoublings = 2;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly TimeProvider _clock;
    private volatile bool _isOpen;
    private long _probeAt;
    private int _probing;

    public ReplicaCircuit(TimeSpan breakDuration, TimeProvider timeProvider)
    {
        _clock = timeProvider;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddCircuitBreaker(new()
            {
                FailureRatio = 1,
                MinimumThroughput = FailuresToOpen,
                SamplingDuration = Window,
                BreakDurationGenerator = broken => new(Break(breakDuration, broken.HalfOpenAttempts)),
                StateProvider = _state,
            })
            .Build();
    }

    /// <summary>Gets whether queries must not use the replica. A volatile read.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Records that a query could not reach the replica.</summary>
    /// <param name="waited">True for a timeout; a single timeout opens the circuit.</param>
    /// <returns>Whether the failure opened the circuit.</returns>
    public bool RecordFailure(bool waited)
    {
        var wasOpen = _isOpen;
        for (var failure = waited ? FailuresToOpen : 1; failure > 0; failure--)
            RecordOnce();
        return Follow() && !wasOpen;
    }

    /// <summary>Probes the replica. Opens the circuit if the replica does not answer, and closes it if it does. One probe at a time.</summary>
    /// <param name="onlyIfDue">Whether to do nothing before the break has ended.</param>
    /// <param name="ask">Sends the probe to the replica.</param>
    /// <returns>Whether the probe changed the state of the circuit.</returns>
    public async Task<bool> ProbeAsync(bool onlyIfDue, Func<Task> ask)
    {
        if ((onlyIfDue && !IsProbeDue) || Interlocked.Exchange(ref _probing, 1) == 1)
            return false;

        var wasOpen = _isOpen;
        try
        {
            if (wasOpen)
                await _pipeline.ExecuteAsync(async _ => await ask().ConfigureAwait(false)).ConfigureAwait(false);
            else
                await ask().ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            // The break has not ended yet.
        }
        catch (Exception) when (wasOpen)
        {
            // Polly has started the next break.
        }
        catch (Exception)
        {
            // A probe of a closed circuit has a cause, so one failure is enough.
            RecordFailure(waited: true);
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }

        return Follow() != wasOpen;
    }

    /// <summary>Gets whether a probe would ask the replica.</summary>
    public bool IsProbeDue => _isOpen && Volatile.Read(ref _probing) == 0 && _clock.GetUtcNow().UtcTicks >= Volatile.Read(ref _probeAt);

    private void RecordOnce()
    {
        try
        {
            _pipeline.Execute(static () => throw new FailureException());
        }
        catch (Exception e) when (e is FailureException or BrokenCircuitException)
        {
            // Polly has counted the failure.
        }
    }

    private bool Follow() => _isOpen = _state.CircuitState != CircuitState.Closed;

    private TimeSpan Break(TimeSpan duration, int probes)
    {
        // Several processes lose the same replica at the same time and should not probe it at the same time.
        var length = Jitter.Apply(duration * (1 << Math.Min(probes, MaxDoublings)));
        Volatile.Write(ref _probeAt, (_clock.GetUtcNow() + length).UtcTicks);
        return length;
    }

    private sealed class FailureException : Exception;
}
