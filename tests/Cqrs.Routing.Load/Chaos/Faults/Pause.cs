namespace Cqrs.Routing.Load.Chaos.Faults;

internal static class Pause
{
    public static Task AMomentAsync(Random random, int least, int most, CancellationToken cancellationToken) => Task.Delay(random.Next(least, most), cancellationToken);
}
