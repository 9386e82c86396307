using System.Diagnostics;
using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Throughput;

/// <summary>How many requests eight workers get done on the PostgreSQL pair, in turns of a second.</summary>
internal static class ThroughputRun
{
    private const int Workers = 8;
    private const int Rounds = 12;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync()
    {
        if (await NotesServers.PostgreSqlAsync() is not { } servers)
            return 3;

        var applications = new (string Name, NotesApplication Application)[]
        {
            ("plain EF Core, everything on the primary", NotesApplication.Plain(servers)),
            ("two context types", NotesApplication.TwoTypes(servers)),
            ("connection string rewritten by an interceptor", NotesApplication.Rewriting(servers)),
            ("Cqrs.Routing", NotesApplication.Routed(servers)),
        };
        await PrintAsync("Queries per second", applications, static (application, _) => application.SendAsync(FindNote.Instance));
        await PrintAsync(
            "Scopes per second, of a query and a command each",
            applications,
            static (application, worker) => application.SendBothAsync(FindNote.Instance, new ChangeNote(worker)));
        foreach (var (_, application) in applications)
            application.Dispose();
        return 0;
    }

    private static async Task PrintAsync(
        string title, (string Name, NotesApplication Application)[] applications, Func<NotesApplication, int, Task> operation)
    {
        var rates = applications.Select(_ => new double[Rounds]).ToArray();
        var order = Enumerable.Range(0, applications.Length).ToArray();
        var random = new Random(1);
        // The first round is for the compiler and the pools.
        for (var round = -1; round < Rounds; round++)
        {
            random.Shuffle(order);
            foreach (var index in order)
            {
                var rate = await RateAsync(applications[index].Application, operation);
                if (round >= 0)
                    rates[index][round] = rate;
            }
        }

        Tables.Begin($"{title}, {Workers} workers, PostgreSQL", "", "per second", "ratio");
        for (var index = 0; index < applications.Length; index++)
        {
            var ratio = Statistics.Median(rates[index].Zip(rates[0], (own, plain) => own / plain));
            Tables.Row(applications[index].Name, $"{Statistics.Median(rates[index]):F0}", $"{ratio:F2}");
        }
    }

    private static async Task<double> RateAsync(NotesApplication application, Func<NotesApplication, int, Task> operation)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < Turn; count++)
                await operation(application, worker);
            return count;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}
