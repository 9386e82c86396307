using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Servers;

namespace Cqrs.Routing.Load.Offload;

/// <summary>How much of the reading each strategy leaves to the standby, and what that costs, under three kinds of lag.</summary>
internal static class OffloadRun
{
    private static readonly IReadOnlyList<(string Name, Func<int, IEnumerable<ReplaySpan>> Schedule)> Lags =
    [
        ("healthy: replay is never held up", ReplaySchedule.Healthy),
        ("50 ms on average: replay stops for about 100 ms, again and again", ReplaySchedule.Lagging),
        ("spikes: every one to three seconds replay stands still for one to two", ReplaySchedule.Spiking),
    ];

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.OnlyKnow("--seconds", "--users", "--seed");
        var seconds = arguments.Number("--seconds", 12);
        var users = arguments.Number("--users", 60);
        var seed = arguments.Number("--seed", 1);
        await using var servers = await LoadServers.StartAsync(rows: users + 1, cancellationToken);
        Console.WriteLine($"PostgreSQL {servers.Version}, {Environment.ProcessorCount} processors for both servers and the load; {users} visitors, {seconds} s per row, seed {seed}.");
        // Not measured: the first one pays for everything that is compiled and opened.
        await MeasureAsync(servers, Strategy.All[^1], ReplaySchedule.Healthy(seed), users, seconds: 3, seed, cancellationToken);
        foreach (var (name, schedule) in Lags)
        {
            Console.WriteLine($"\n**{name}**\n\n| strategy | queries | on the replica | missed own write | mean, ms | 95th percentile, ms |\n|---|---|---|---|---|---|");
            foreach (var strategy in Strategy.All)
            {
                await servers.CatchUpAsync(cancellationToken);
                var measures = await MeasureAsync(servers, strategy, schedule(seed), users, seconds, seed, cancellationToken);
                Console.WriteLine(measures.ToRow(strategy.Name));
            }
        }

        return 0;
    }

    private static async Task<Measures> MeasureAsync(
        LoadServers servers, Strategy strategy, IEnumerable<ReplaySpan> schedule, int users, int seconds, int seed, CancellationToken cancellationToken)
    {
        var measures = new Measures();
        var held = await servers.ReadPrimaryAsync(cancellationToken);
        var instances = ApplicationInstance.StartTwo(servers.Database, strategy.UsesReplica, strategy.Configure);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lag = servers.Standby.FollowAsync(schedule, over.Token);
        try
        {
            over.CancelAfter(TimeSpan.FromSeconds(seconds));
            await Task.WhenAll(Enumerable.Range(1, users).Select(id => new Visitor(id, instances, strategy, seed + id, held[id], measures).RunAsync(over.Token)));
        }
        finally
        {
            await over.CancelAsync();
            await lag;
            foreach (var instance in instances)
                await instance.DisposeAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return measures;
    }
}
