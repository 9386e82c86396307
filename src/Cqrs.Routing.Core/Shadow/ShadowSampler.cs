namespace Cqrs.Routing.Shadow;

/// <summary>
/// Limits how many queries in shadow mode ask their replica for its position. Only one asks at a time, so that a replica that hangs blocks one connection. Thread safe.
/// </summary>
internal sealed class ShadowSampler(TimeProvider timeProvider)
{
    /// <summary>The pause between two position queries. Ten per second show the replica's lag and are no load on either server.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private TaskCompletionSource? _asking;
    private long? _began;
    private bool _stopped;

    /// <summary>Returns whether the caller may ask. The caller then has to call <see cref="End"/>.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            if (_stopped || _asking is not null || (_began is { } began && timeProvider.GetElapsedTime(began, now) < Pause))
                return false;

            (_asking, _began) = (new(TaskCreationOptions.RunContinuationsAsynchronously), now);
            return true;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _asking?.SetResult();
            _asking = null;
        }
    }

    /// <summary>Stops further position queries and waits for a running one, so that background work ends with the application.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            return _asking?.Task ?? Task.CompletedTask;
        }
    }
}
