namespace Cqrs.Routing.Positions;

/// <summary>Which position the primary had at some times of the recent past. Thread safe.</summary>
internal sealed class PositionHistory(TimeProvider timeProvider)
{
    /// <summary>Samples per span that is asked for: the replica may then lag by three quarters of it and still be shown to be within it.</summary>
    private const int SamplesPerSpan = 4;

    /// <summary>How much of a sample's age may lie between its neighbours: the older, the fewer, so that a few dozen reach back for hours.</summary>
    private const int Resolution = 8;

    private readonly Lock _gate = new();
    private readonly List<(long TakenAt, UInt128 Position)> _samples = [];
    private long _claimedAt;

    /// <summary>Whether the caller is to take a sample; the others that ask meanwhile are not.</summary>
    public bool IsDue(TimeSpan span)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            if (_claimedAt != 0 && timeProvider.GetElapsedTime(_claimedAt, now) < span / SamplesPerSpan)
                return false;

            _claimedAt = now;
            return true;
        }
    }

    /// <summary>Adds a position that was read after <paramref name="takenAt"/>, so that all that was committed by then is in it.</summary>
    public void Add(long takenAt, UInt128 position)
    {
        lock (_gate)
        {
            // Two that were taken side by side may arrive in any order.
            if (_samples.Count > 0 && takenAt < _samples[^1].TakenAt)
                return;

            _claimedAt = takenAt;
            _samples.Add((takenAt, position));
            Thin();
        }
    }

    /// <summary>Whether all that the primary had at some time within the span is at or below a position.</summary>
    public bool HadAtMost(UInt128 position, TimeSpan span)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            foreach (var (takenAt, sampled) in _samples)
            {
                if (sampled <= position && timeProvider.GetElapsedTime(takenAt, now) <= span)
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// How old a replica is that has replayed this much: at most, by the newest sample that it has; if it has none, at least, by the oldest, which it lacks.
    /// </summary>
    public TimeSpan? AgeOf(UInt128 position)
    {
        lock (_gate)
        {
            if (_samples.Count == 0)
                return null;

            var known = _samples.FindLastIndex(sample => sample.Position <= position);
            return timeProvider.GetElapsedTime(_samples[Math.Max(known, 0)].TakenAt);
        }
    }

    private void Thin()
    {
        var newest = _samples[^1].TakenAt;
        for (var index = _samples.Count - 2; index > 0; index--)
        {
            var next = _samples[index + 1].TakenAt;
            if (next - _samples[index - 1].TakenAt < (newest - next) / Resolution)
                _samples.RemoveAt(index);
        }
    }
}
