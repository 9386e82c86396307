using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>What one process knows of times: its own exactly, those of another as far as two clocks may be trusted to agree. Singleton; thread safe.</summary>
/// <param name="timeProvider">The process's clock.</param>
/// <param name="lifetime">How long a session remembers something.</param>
internal sealed class SessionClock(TimeProvider timeProvider, TimeSpan lifetime)
{
    /// <summary>How far the clocks of two servers may be apart. Time servers keep them within milliseconds; without one, a minute is much.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>For how long it is believed how far behind another clock is at most: none drifts noticeably in that time.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(1);

    /// <summary>More processes than answer one user within a minute.</summary>
    private const int MaxClocks = 1000;

    private readonly ConcurrentDictionary<uint, (TimeSpan Behind, DateTimeOffset SeenAt)> _others = new();
    private readonly uint _id = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    public DateTimeOffset UtcNow => timeProvider.GetUtcNow();

    public TimeSpan Lifetime => lifetime;

    public Stamp Now => new(UtcNow, _id);

    /// <summary>What is remembered from now on is over then.</summary>
    public Stamp End => new(UtcNow + lifetime, _id);

    /// <summary>A token from another process shows how far behind its clock is at most: by the age that the token seems to have.</summary>
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

    /// <summary>When something was at the latest, by this clock: another may be behind it.</summary>
    public DateTimeOffset LatestOf(Stamp stamp) => stamp.Clock == _id ? stamp.Time : stamp.Time + BehindOf(stamp.Clock);

    /// <summary>Whether a time is over by now.</summary>
    public bool IsPast(Stamp stamp) => LatestOf(stamp) <= UtcNow;

    /// <summary>Whether something was so long ago that nobody has to remember it.</summary>
    public bool IsForgotten(Stamp stamp) => LatestOf(stamp) + lifetime <= UtcNow;

    /// <summary>Whether a time is further ahead than two clocks may be apart, so that one of them is wrong.</summary>
    public bool IsFuture(Stamp stamp) => stamp.Time > UtcNow + Skew;

    private TimeSpan BehindOf(uint timeProvider) =>
        !_others.TryGetValue(timeProvider, out var known) || known.Behind > Skew || UtcNow - known.SeenAt >= Trust ? Skew
        : known.Behind > TimeSpan.Zero ? known.Behind
        : TimeSpan.Zero;
}
