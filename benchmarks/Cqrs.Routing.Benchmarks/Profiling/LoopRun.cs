using System.Diagnostics;
using Cqrs.Routing.Benchmarks.Dispatch;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Profiling;

/// <summary>
/// Runs one candidate so many times and nothing beside it, for a profiler to look at. Two runs under a tool that counts instructions, one of them longer, tell by their difference what
/// one operation takes.
/// </summary>
internal static class LoopRun
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["dispatch" or "sqlite" or "postgresql", var name, var number] || !int.TryParse(number, out var times) || times < 1)
            return Fail("usage: loop dispatch|sqlite|postgresql CANDIDATE TIMES");

        await using var servers = args[0] switch
        {
            "sqlite" => await NotesServers.SqliteAsync(),
            "postgresql" => await NotesServers.PostgreSqlAsync(),
            _ => null,
        };
        using var requests = new DispatchCandidates();
        using var queries = servers is null ? null : new PointQueryCandidates(servers);
        if (queries is not null)
            await queries.FillPoolsAsync();
        var candidates = queries?.Untracked ?? requests.In(otherLocals: 0);
        if (candidates.FirstOrDefault(candidate => candidate.Name == name) is not { } chosen)
            return Fail($"{name} is none of: {string.Join("; ", candidates.Select(candidate => candidate.Name))}");

        var begin = Stopwatch.GetTimestamp();
        await chosen.RunAsync(times);
        Console.WriteLine($"{Stopwatch.GetElapsedTime(begin).TotalNanoseconds / times:N0} ns each, from the first");
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
