using System.Diagnostics;

namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>
/// Measures candidates in turns of a few milliseconds, in another order each round, so that what else the machine does hits all of them alike. Epochs begin with everything
/// built anew, since where things happen to lie in memory makes one of two identical applications faster for as long as it lives.
/// </summary>
internal static class Interleaved
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.2);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Func<Stage> build, int epochs = 16, int rounds = 50)
    {
        Measurement[]? measured = null;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var (candidates, owner, prepare) = build();
            using (owner)
            {
                if (prepare is not null)
                    await prepare();
                var times = await WarmUpAsync(candidates, epoch == 0 ? FirstWarmUp : WarmUp);
                measured ??= [.. candidates.Select(candidate => new Measurement(candidate.Name))];
                await MeasureAsync(candidates, times, measured, rounds, new Random(epoch));
            }
        }

        return measured!;
    }

    private static async Task MeasureAsync(IReadOnlyList<Candidate> candidates, int[] times, Measurement[] measured, int rounds, Random random)
    {
        var order = Enumerable.Range(0, candidates.Count).ToArray();
        foreach (var measurement in measured)
            measurement.BeginEpoch();
        for (var round = 0; round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (var index in order)
            {
                var bytes = GC.GetTotalAllocatedBytes(precise: true);
                var begin = Stopwatch.GetTimestamp();
                await candidates[index].RunAsync(times[index]);
                var took = Stopwatch.GetElapsedTime(begin);
                bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
                measured[index].Add(took.TotalNanoseconds / times[index], (double)bytes / times[index]);
            }
        }
    }

    // How many operations make up a turn, once all that is compiled along the way is compiled.
    private static async Task<int[]> WarmUpAsync(IReadOnlyList<Candidate> candidates, TimeSpan each)
    {
        var times = candidates.Select(_ => 1).ToArray();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < each * candidates.Count;)
        {
            for (var index = 0; index < times.Length; index++)
            {
                var begin = Stopwatch.GetTimestamp();
                await candidates[index].RunAsync(times[index]);
                var took = Stopwatch.GetElapsedTime(begin);
                times[index] = Math.Clamp((int)(times[index] * (Turn / took)), 1, times[index] * 2);
            }
        }

        return times;
    }
}
