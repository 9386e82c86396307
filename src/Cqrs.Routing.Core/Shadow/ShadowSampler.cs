namespace Cqrs.Routing.Shadow;

/// <summary>Lets few queries in shadow mode ask their replica for its position: one at a time, so that a replica that hangs costs one connection. Thread safe.</summary>
internal sealed class ShadowSampler(TimeProvider clock)
{
    /// <summary>Ten questions a second tell how far the replica is behind, and are no load on either server.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private bool _asking;
    private long? _began;

    /// <summary>Whether the caller is to ask; <see cref="End"/> follows.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_asking || (_began is { } began && clock.GetElapsedTime(began, now) < Pause))
                return false;

            (_asking, _began) = (true, now);
            return true;
        }
    }

    public void End()
    {
        lock (_gate)
            _asking = false;
    }
}
