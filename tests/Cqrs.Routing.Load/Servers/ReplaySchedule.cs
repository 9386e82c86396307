namespace Cqrs.Routing.Load.Servers;

/// <summary>Endless sequences of spans. The same seed, the same sequence.</summary>
internal static class ReplaySchedule
{
    /// <summary>The standby is never held up.</summary>
    public static IEnumerable<ReplaySpan> Healthy(int seed)
    {
        while (true)
            yield return Free(1000, 1000);
    }

    /// <summary>Replay is held for 80 to 120 ms again and again: what is committed shows 0 to 120 ms later, 50 on average.</summary>
    public static IEnumerable<ReplaySpan> Lagging(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            yield return Paused(random.Next(80, 120));
            yield return Free(1, 1, random);
        }
    }

    /// <summary>Every few seconds replay stands still for one to two.</summary>
    public static IEnumerable<ReplaySpan> Spiking(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            yield return Free(1000, 3000, random);
            yield return Paused(random.Next(1000, 2000));
        }
    }

    /// <summary>Anything: standstills, stutter, and calm between them.</summary>
    public static IEnumerable<ReplaySpan> Erratic(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            yield return Free(20, 600, random);
            yield return Paused(random.Next(20, 600));
            for (var stutter = random.Next(8); stutter > 0; stutter--)
            {
                yield return Free(1, 20, random);
                yield return Paused(random.Next(1, 60));
            }
        }
    }

    private static ReplaySpan Paused(int milliseconds) => new(true, TimeSpan.FromMilliseconds(milliseconds));

    private static ReplaySpan Free(int least, int most, Random? random = null) => new(false, TimeSpan.FromMilliseconds(random?.Next(least, most) ?? least));
}
