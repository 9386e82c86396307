using System.Diagnostics;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Servers;

namespace Cqrs.Routing.Load.ReadYourWrites;

/// <summary>
/// Many sessions write and then read, while the standby stands still at random: with tokens, with tokens and queries that wait for the standby, and without. By default a session may see what others wrote go
/// back, once the standby has its own writes (ADR 15); one that waits for longer than the standby stands still may not.
/// </summary>
internal static class ReadYourWritesRun
{
    // Enough to show that the standby lags: the pass without tokens needs no more.
    private const int ShareWithoutTokens = 4;

    private const int ShareWaiting = 10;

    /// <summary>Ten times as long as the standby stands still at most.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(6);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.OnlyKnow("--pairs", "--workers", "--seed");
        var pairs = arguments.Number("--pairs", 20_000);
        var workers = arguments.Number("--workers", 16);
        var seed = arguments.Number("--seed", Random.Shared.Next(1, 1_000_000));
        Console.WriteLine($"{pairs} pairs of a write and reads, {workers} workers, two instances of the application, seed {seed}");

        await using var servers = await LoadServers.StartAsync(rows: workers + 1, cancellationToken);
        Console.WriteLine($"PostgreSQL {servers.Version}, a primary and a hot standby");
        var with = await PassAsync(servers, "with tokens", true, pairs, workers, seed, configure: null, cancellationToken);
        var waiting = await PassAsync(servers, "with tokens, waiting", true, Math.Max(1, pairs / ShareWaiting), workers, seed, static replica => replica.MaxCatchUpWait = LongWait, cancellationToken);
        var without = await PassAsync(servers, "without tokens", false, Math.Max(1, pairs / ShareWithoutTokens), workers, seed, configure: null, cancellationToken);

        Console.WriteLine(
            $"pairs: {with.Pairs}, missed with tokens: {with.Missed}, stale while waiting: {waiting.Stale}, missed without: {without.Missed}, errors: {with.Errors + waiting.Errors + without.Errors}, "
            + $"on the replica: {with.ReplicaShare * 100:F0} %");
        return with.Missed + waiting.Stale == 0 && with.Errors + waiting.Errors + without.Errors == 0 && without.Missed > 0 && with.OnReplica > 0 ? 0 : 1;
    }

    private static async Task<Tally> PassAsync(
        LoadServers servers, string name, bool carriesTokens, int pairs, int workers, int seed, Action<ReplicaOptions>? configure, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        var left = pairs;
        var held = await servers.ReadPrimaryAsync(cancellationToken);
        var instances = ApplicationInstance.StartTwo(servers.Database, replica: true, configure);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begin = Stopwatch.GetTimestamp();
        var lag = servers.Standby.FollowAsync(ReplaySchedule.Erratic(seed), over.Token);
        try
        {
            var all = Enumerable.Range(1, workers).Select(id => new Worker(id, instances, carriesTokens, seed + id, held[id], tally)).ToList();
            await Task.WhenAll(all.Select(worker => Task.Run(() => worker.RunAsync(() => Interlocked.Decrement(ref left) >= 0, cancellationToken), cancellationToken)));
            var now = await servers.ReadPrimaryAsync(cancellationToken);
            foreach (var (id, value) in all.Select(worker => worker.Row).Where(row => now[row.Id] != row.Value))
                tally.Error($"Row {id} holds {now[id]} on the primary in the end, and {value} was written last.");
        }
        finally
        {
            await over.CancelAsync();
            Report(name, tally, await lag, Stopwatch.GetElapsedTime(begin));
            foreach (var instance in instances)
                await instance.DisposeAsync();
        }

        return tally;
    }

    private static void Report(string name, Tally tally, ReplayHistory lag, TimeSpan took)
    {
        Console.WriteLine(
            $"{name}: {tally.Pairs} pairs in {took.TotalSeconds:F1} s; {tally.Queries} queries, {tally.ReplicaShare * 100:F0} % of them on the replica; "
            + $"{tally.Missed} missed their own write, {tally.Backwards} went back in time; replay was {lag}");
        foreach (var example in tally.Examples)
            Console.WriteLine($"  error: {example}");
    }
}
