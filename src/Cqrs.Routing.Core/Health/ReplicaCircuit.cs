using Cqrs.Routing.Internal;
using Polly;
using Polly.CircuitBreaker;

namespace Cqrs.Routing.Health;

/// <summary>Stops queries from asking a replica that does not answer, and asks it again from time to time, beside the queries. Thread safe.</summary>
/// <remarks>Polly's circuit breaker hears of failures only: an open that a pool answers says nothing about the server.</remarks>
internal sealed class ReplicaCircuit
{
    /// <summary>So few that hardly anybody waits in vain, and more than one broken socket.</summary>
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

    /// <summary>Whether queries are to leave the replica alone. A volatile read.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>A query could not reach the replica.</summary>
    /// <param name="waited">Whether it waited for it until a timeout, which is dear enough to open the circuit at once.</param>
    /// <returns>Whether that opened it.</returns>
    public bool RecordFailure(bool waited)
    {
        var wasOpen = _isOpen;
        for (var failure = waited ? FailuresToOpen : 1; failure > 0; failure--)
            RecordOnce();
        return Follow() && !wasOpen;
    }

    /// <summary>Opens the circuit if the replica does not answer, and closes it if it does. One probe at a time.</summary>
    /// <param name="onlyIfDue">Whether to do nothing before the break is over.</param>
    /// <param name="ask">Asks the replica.</param>
    /// <returns>Whether that changed anything.</returns>
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
            // The break is not over yet.
        }
        catch (Exception) when (wasOpen)
        {
            // The next break has begun.
        }
        catch (Exception)
        {
            // Nobody doubts a replica for nothing, so this is enough.
            RecordFailure(waited: true);
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }

        return Follow() != wasOpen;
    }

    /// <summary>Whether a probe would ask the replica.</summary>
    public bool IsProbeDue => _isOpen && Volatile.Read(ref _probing) == 0 && _clock.GetUtcNow().UtcTicks >= Volatile.Read(ref _probeAt);

    private void RecordOnce()
    {
        try
        {
            _pipeline.Execute(static () => throw new FailureException());
        }
        catch (Exception e) when (e is FailureException or BrokenCircuitException)
        {
            // Counted.
        }
    }

    private bool Follow() => _isOpen = _state.CircuitState != CircuitState.Closed;

    private TimeSpan Break(TimeSpan duration, int probes)
    {
        // Several processes lose the same replica at the same time, and should not ask for it at the same time.
        var length = Jitter.Apply(duration * (1 << Math.Min(probes, MaxDoublings)));
        Volatile.Write(ref _probeAt, (_clock.GetUtcNow() + length).UtcTicks);
        return length;
    }

    private sealed class FailureException : Exception;
}
