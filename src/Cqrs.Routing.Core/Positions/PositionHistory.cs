namespace Cqrs.Routing.Positions;

/// <summary>Holds samples of the primary's position at recent times. Thread safe.</summary>
internal sealed class PositionHistory(TimeProvider timeProvider)
{
    /// <summary>The number of samples per requested span. A replica that lags by three quarters of the span can still be shown to be within it.</summary>
    private const int SamplesPerSpan = 4;

    /// <summary>The divisor of a sample's age that gives the minimum distance of its neighbours. Older samples are sparser, so that a few dozen cover hours.</summary>
    private const int Resolution = 8;

    private readonly Lock _gate = new();
    private readonly List<(long TakenAt, UInt128 Position)> _samples = [];
    private long _claimedAt;

    /// <summary>Returns whether the caller must take a sample. Other callers that ask meanwhile get false.</summary>
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

    /// <summary>Adds a position that was read after <paramref name="takenAt"/>, so that it covers all commits up to that time.</summary>
    public void Add(long takenAt, UInt128 position)
    {
        lock (_gate)
        {
            // Two samples that were taken in parallel may arrive in any order.
            if (_samples.Count > 0 && takenAt < _samples[^1].TakenAt)
                return;

            _claimedAt = takenAt;
            _samples.Add((takenAt, position));
            Thin();
        }
    }

    /// <summary>Returns whether the primary's position at some time within the span was at or below a position.</summary>
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
    /// Returns the age of a replica's data at a position. It is a maximum, by the newest sample that the replica has. If the replica has no sample, it is a minimum, by
    /// the oldest one.
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
