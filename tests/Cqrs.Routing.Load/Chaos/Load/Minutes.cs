using System.Diagnostics;
using System.Globalization;
using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>A line for every minute of a long run.</summary>
internal static class Minutes
{
    public static async Task PrintAsync(ChaosServers servers, Tally tally, CancellationToken until)
    {
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (until.IsCancellationRequested)
                return;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {Stopwatch.GetElapsedTime(begin).TotalMinutes:F0} min: {Figures.UnderLoad(servers)}; {tally.Queries} queries, {tally.Failed} failed, {tally.Stale} stale"));
        }
    }
}
