using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>Compares times of several processes: its own exactly, those of others within the accepted clock skew. Singleton; thread safe.</summary>
/// <param name="timeProvider">The clock of this process.</param>
/// <param name="lifetime">How long a session remembers a write or a read.</param>
internal sealed class SessionClock(TimeProvider timeProvider, TimeSpan lifetime)
{
    /// <summary>The accepted difference between the clocks of two servers. Time servers keep clocks within milliseconds; without one, a minute is much.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>How long a measured upper bound of another clock's delay stays valid. No clock drifts noticeably in that time.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of known clocks: more processes than answer one user within a minute.</summary>
    private const int MaxClocks = 1000;

    private readonly ConcurrentDictionary<uint, (TimeSpan Behind, DateTimeOffset SeenAt)> _others = new();
    private readonly uint _id = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    public DateTimeOffset UtcNow => timeProvider.GetUtcNow();

    public TimeSpan Lifetime => lifetime;

    public Stamp Now => new(UtcNow, _id);

    /// <summary>Gets the time when an entry that is recorded now expires.</summary>
    public Stamp End => new(UtcNow + lifetime, _id);

    /// <summary>Records an upper bound for the delay of another process's clock: the apparent age of the token that it issued.</summary>
    public void Saw(Stamp stamp)
    {
        var now = UtcNow;
        var age = now - stamp.Time;
        if (stamp.Clock == _id || (_others.TryGetValue(stamp.Clock, out var known) && known.Behind <= age && now - known.SeenAt < Trust))
            return;

        if (_others.Count >= MaxClocks)
            _others.Clear();
        _others[stamp.Clock] = (age, now);
    }

    /// <summary>Returns the latest possible time of a stamp by this clock, because the other clock may be behind.</summary>
    public DateTimeOffset LatestOf(Stamp stamp) => stamp.Clock == _id ? stamp.Time : stamp.Time + BehindOf(stamp.Clock);

    /// <summary>Returns whether a time has passed.</summary>
    public bool IsPast(Stamp stamp) => LatestOf(stamp) <= UtcNow;

    /// <summary>Returns whether an entry is older than the session lifetime.</summary>
    public bool IsForgotten(Stamp stamp) => LatestOf(stamp) + lifetime <= UtcNow;

    /// <summary>Returns whether a time is further ahead than the accepted skew, which means that one of the clocks is wrong.</summary>
    public bool IsFuture(Stamp stamp) => stamp.Time > UtcNow + Skew;

    private TimeSpan BehindOf(uint clock) =>
        !_others.TryGetValue(clock, out var known) || known.Behind > Skew || UtcNow - known.SeenAt >= Trust ? Skew
        : known.Behind > TimeSpan.Zero ? known.Behind
        : TimeSpan.Zero;
}
