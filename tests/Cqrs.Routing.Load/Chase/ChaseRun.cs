using System.Diagnostics;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chase;

/// <summary>
/// How long a session stays on a primary that others write to all the time, after one command of its own, where the standby lags by a fixed time: with each way to end that.
/// </summary>
internal static class ChaseRun
{
    private const int OwnRow = 1;
    private const int SharedRow = 0;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private static readonly IReadOnlyList<(string Name, Action<ReplicaOptions>? Configure)> Ways =
    [
        ("default: what others wrote is given up", null),
        ("`MonotonicReads = false`", static replica => replica.MonotonicReads = false),
        ("`MaxCatchUpWait` = half the lag", static replica => replica.MaxCatchUpWait = TimeSpan.FromMilliseconds(200)),
        ("`MaxCatchUpWait` = twice the lag: nothing is given up", static replica => replica.MaxCatchUpWait = TimeSpan.FromMilliseconds(800)),
    ];

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.OnlyKnow("--lag", "--rounds");
        var lag = arguments.Number("--lag", 400);
        var rounds = arguments.Number("--rounds", 10);
        await using var servers = await LoadServers.StartAsync(rows: 2, cancellationToken);
        Console.WriteLine($"PostgreSQL {servers.Version}; the standby applies each commit {lag} ms late; others write every 5 ms; a session writes once and queries every {Pause.TotalMilliseconds} ms; {rounds} rounds.");
        Console.WriteLine("\n| way | back on the replica after, ms: median (worst) | queries on the primary until then, mean | slowest query, ms | missed own write | saw others' rows go back |\n|---|---|---|---|---|---|");
        var isOver = true;
        await servers.Standby.DelayAsync(TimeSpan.FromMilliseconds(lag));
        try
        {
            foreach (var (name, configure) in Ways)
                isOver &= await MeasureAsync(servers, name, configure, rounds, lag, cancellationToken);
        }
        finally
        {
            await servers.Standby.DelayAsync(TimeSpan.Zero);
        }

        return isOver ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(LoadServers servers, string name, Action<ReplicaOptions>? configure, int rounds, int lag, CancellationToken cancellationToken)
    {
        var instances = ApplicationInstance.StartTwo(servers.Database, replica: true, configure);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var others = WriteAsync(servers, over.Token);
        var results = new List<Round>();
        try
        {
            for (var round = 0; round < rounds; round++)
                results.Add(await RunRoundAsync(instances, round, cancellationToken));
        }
        finally
        {
            await over.CancelAsync();
            await others;
            foreach (var instance in instances)
                await instance.DisposeAsync();
        }

        var back = results.ConvertAll(round => round.Back.TotalMilliseconds);
        back.Sort();
        Console.WriteLine(
            $"| {name} | {back[back.Count / 2]:F0} ({back[^1]:F0}) | {results.Average(round => round.OnPrimary):F1} | {results.Max(round => round.Slowest.TotalMilliseconds):F0} | "
            + $"{results.Sum(round => round.Stale)} | {results.Sum(round => round.WentBack)} |");
        return back[^1] < 2000 * Math.Max(1, lag / 400.0) && results.TrueForAll(round => round.Stale == 0);
    }

    private static async Task<Round> RunRoundAsync(IReadOnlyList<ServiceProvider> instances, int number, CancellationToken cancellationToken)
    {
        var user = new UserSession(instances, carriesTokens: true, new Random(number));
        var written = Stopwatch.GetTimestamp();
        await user.RequestAsync(sender => sender.Send(new ChangeRow(OwnRow, number + 1, WriteKind.ExecuteUpdate), cancellationToken), cancellationToken);
        var result = new Round();
        var shared = 0L;
        // A little longer than it takes to come back, to see what the first answers of the replica are like.
        for (var after = 0; after < 3 && result.OnPrimary < 100;)
        {
            var begin = Stopwatch.GetTimestamp();
            Reading? reading = null;
            await user.RequestAsync(async sender => reading = await sender.Send(new ReadRows(OwnRow, SharedRow), cancellationToken), cancellationToken);
            var took = Stopwatch.GetElapsedTime(begin);
            result.Slowest = took > result.Slowest ? took : result.Slowest;
            result.Stale += reading!.Own < number + 1 ? 1 : 0;
            result.WentBack += reading.Shared < shared ? 1 : 0;
            shared = Math.Max(shared, reading.Shared);
            if (reading.OnReplica && after++ == 0)
                result.Back = Stopwatch.GetElapsedTime(written);
            else if (!reading.OnReplica)
                result.OnPrimary++;
            await Task.Delay(Pause, cancellationToken);
        }

        if (result.Back == default)
            result.Back = Stopwatch.GetElapsedTime(written);
        return result;
    }

    private static async Task WriteAsync(LoadServers servers, CancellationToken until)
    {
        await using var instance = ApplicationInstance.Start(new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider(), services =>
            services.AddDbContextPool<LoadContext>(options => Microsoft.EntityFrameworkCore.NpgsqlDbContextOptionsBuilderExtensions.UseNpgsql(options, servers.Database.Primary)));
        for (var value = Stopwatch.GetTimestamp(); !until.IsCancellationRequested; value++)
        {
            await using var scope = instance.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(new ChangeRow(SharedRow, value, WriteKind.ExecuteUpdate), CancellationToken.None);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private sealed class Round
    {
        public TimeSpan Back { get; set; }

        public TimeSpan Slowest { get; set; }

        public int OnPrimary { get; set; }

        public int Stale { get; set; }

        public int WentBack { get; set; }
    }
}
