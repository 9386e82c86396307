namespace Cqrs.Routing.Shadow;

/// <summary>Lets few queries in shadow mode ask their replica for its position: one at a time, so that a replica that hangs costs one connection. Thread safe.</summary>
internal sealed class ShadowSampler(TimeProvider timeProvider)
{
    /// <summary>Ten questions a second tell how far the replica is behind, and are no load on either server.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private TaskCompletionSource? _asking;
    private long? _began;
    private bool _stopped;

    /// <summary>Whether the caller is to ask; <see cref="End"/> follows.</summary>
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

    /// <summary>Lets no query ask any more, and waits for the one that asks: what runs beside an application ends with it.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            return _asking?.Task ?? Task.CompletedTask;
        }
    }
}
