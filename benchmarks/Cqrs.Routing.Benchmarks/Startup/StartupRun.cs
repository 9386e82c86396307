using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Startup;

/// <summary>From an empty service collection to the answer of the first query, in a process of its own each time, by turns with and without routing.</summary>
internal static class StartupRun
{
    public const string Child = "startup-once";
    private const int Rounds = 15;
    private static readonly string[] Kinds = ["plain", "routed"];

    public static async Task<int> RunAsync()
    {
        await using var servers = await NotesServers.SqliteAsync();
        var figures = Kinds.ToDictionary(kind => kind, _ => new List<double[]>());
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var kind in Kinds)
            {
                var once = await StartAsync([Child, kind, servers.Primary, servers.Replica]);
                if (round >= 0)
                    figures[kind].Add(once);
            }
        }

        Tables.Begin("Start-up, SQLite, in milliseconds", "", "services registered and built", "first query", "second query");
        foreach (var kind in Kinds)
            Tables.Row([kind == "plain" ? "plain EF Core" : "Cqrs.Routing", .. Enumerable.Range(0, 3).Select(column => $"{Statistics.Median(figures[kind].Select(row => row[column])):F1}")]);
        return 0;
    }

    /// <summary>What the child does.</summary>
    public static async Task<int> RunOnceAsync(string[] arguments)
    {
        var servers = new NotesServers("SQLite", arguments[1], arguments[2], NotesServers.UseSqlite);
        var begin = Stopwatch.GetTimestamp();
        using var application = arguments[0] == "plain" ? NotesApplication.Plain(servers) : NotesApplication.Routed(servers);
        var built = Stopwatch.GetElapsedTime(begin);
        begin = Stopwatch.GetTimestamp();
        await application.SendAsync(FindNote.Instance);
        var first = Stopwatch.GetElapsedTime(begin);
        begin = Stopwatch.GetTimestamp();
        await application.SendAsync(FindNote.Instance);
        var second = Stopwatch.GetElapsedTime(begin);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{built.TotalMilliseconds} {first.TotalMilliseconds} {second.TotalMilliseconds}"));
        return 0;
    }

    private static async Task<double[]> StartAsync(string[] arguments)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return [.. output.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
    }
}
