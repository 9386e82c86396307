using Cqrs.Routing.Load.Chaos.Faults;
using Cqrs.Routing.Load.Chaos.Load;
using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos;

/// <summary>The replica is taken away in every way that is known, under load: no query may notice. Once more without falling back, where queries must.</summary>
internal static class ChaosRun
{
    // Enough to see queries fail.
    private const int ShareWithoutFallback = 5;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.OnlyKnow("--seconds", "--workers", "--seed");
        var seconds = arguments.Number("--seconds", 60);
        var workers = arguments.Number("--workers", 24);
        var seed = arguments.Number("--seed", Random.Shared.Next(1, 1_000_000));
        Console.WriteLine($"{seconds} s of faults, {workers} workers, two instances of the application, one of them pooled and with EnableRetryOnFailure, seed {seed}");
        // Synchronous queries hold threads while the network is stalled.
        ThreadPool.SetMinThreads(workers * 2, workers * 2);

        await using var servers = await ChaosServers.StartAsync(rows: workers + 1, cancellationToken);
        Console.WriteLine($"PostgreSQL {servers.Version}, a primary that nobody disturbs, and a hot standby behind a proxy");

        var without = TimeSpan.FromSeconds(Math.Max(1, seconds / ShareWithoutFallback));
        await using var failing = new Pass(servers, fallBack: false, seed);
        await failing.RunAsync(workers, without, promotes: false, cancellationToken);
        Report("without falling back", failing);

        await using var pass = new Pass(servers, fallBack: true, seed);
        await pass.RunAsync(workers, TimeSpan.FromSeconds(seconds) - without, promotes: true, cancellationToken);
        Report("falling back", pass);

        var problems = Invariants.Broken(pass).Concat(Invariants.BrokenWithoutFallback(failing)).ToList();
        foreach (var problem in problems)
            Console.WriteLine($"BROKEN: {problem}");
        Console.WriteLine(
            $"faults: {pass.Faults.Count}, queries: {pass.Tally.Queries}, failed: {pass.Tally.Failed}, stale: {pass.Tally.Stale}, "
            + $"commands run twice: {pass.Books!.Twice}, writes on the replica: {Invariants.WritesOnReplica(pass)}, re-run on the primary: {pass.Fallbacks.Total}");
        return problems.Count == 0 ? 0 : 1;
    }

    private static void Report(string name, Pass pass)
    {
        var tally = pass.Tally;
        Console.WriteLine($"\n**{name}**\n\n| fault | injected | survived | {string.Join(" | ", FallbackStages.All)} |\n|---|---|---|---|---|---|");
        foreach (var row in pass.Faults.ToRows())
            Console.WriteLine(row);
        Console.WriteLine("\n| query | asked | failed | broken after the first element | mean, ms | slowest, ms |\n|---|---|---|---|---|---|");
        foreach (var row in tally.ToRows())
            Console.WriteLine(row);
        Console.WriteLine(
            $"\nqueries: {tally.Queries}, {100.0 * tally.OnReplica / Math.Max(1, tally.Readings):F0} % on the replica; failed: {tally.Failed}; wrong: {tally.Wrong}; stale: {tally.Stale}; saw others' writes go back: {tally.WentBack}; "
            + $"streams that broke after their first element, which are not run again: {tally.Broken}");
        Console.WriteLine($"commands: {tally.Commands}; failed: {tally.CommandsFailed}; lost: {pass.Books!.Lost}; run twice: {pass.Books.Twice}; rows that hold something else: {pass.Books.Wrong}");
        Console.WriteLine($"re-run on the primary: {string.Join(", ", FallbackStages.All.Select(stage => $"{pass.Fallbacks.Of(stage)} at the stage '{stage}'"))}");
        Console.WriteLine($"before: {pass.Before}\nafter:  {pass.After}");
        foreach (var (back, after) in pass.Back.Zip(["the last fault", "the standby was promoted and rebuilt"]))
            Console.WriteLine($"back on the replica after {after}: {(back is { } took ? $"{took.TotalSeconds:F1} s" : "never")}");
        foreach (var example in tally.Examples)
            Console.WriteLine($"  {example}");
    }
}
