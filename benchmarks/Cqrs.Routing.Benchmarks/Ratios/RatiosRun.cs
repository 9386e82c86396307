using Cqrs.Routing.Benchmarks.Dispatch;
using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Ratios;

/// <summary>The goals, in one short run: what a dispatch and a point query cost in terms of what they cost without routing.</summary>
internal static class RatiosRun
{
    /// <param name="only">A part to run alone: dispatch, sqlite or postgresql. All of them if empty.</param>
    public static async Task<int> RunAsync(string[] only)
    {
        var goals = new Goals();
        if (Runs("dispatch"))
        {
            await DispatchAsync(0, goals);
            await DispatchAsync(4, goals);
            await ListenedAsync();
        }

        if (Runs("sqlite"))
        {
            await using var sqlite = await NotesServers.SqliteAsync();
            await PointQueryAsync(sqlite, goals);
        }

        if (Runs("postgresql"))
        {
            await using var postgreSql = await NotesServers.PostgreSqlAsync();
            if (postgreSql is null)
                return 3;
            await PointQueryAsync(postgreSql, goals);
        }

        Console.WriteLine(goals.AllHold ? "\nAll goals hold." : "\nNot all goals hold.");
        return goals.AllHold ? 0 : 1;

        bool Runs(string part) => only is [] || only.Contains(part);
    }

    private static async Task DispatchAsync(int others, Goals goals)
    {
        var measured = await Interleaved.RunAsync(() => Build(new()));
        var empty = measured.Named(DispatchCandidates.Empty);
        Tables.Print($"Dispatch, {others} other AsyncLocals in the flow", measured, empty);
        var query = measured.Named(DispatchCandidates.Query);
        goals.Time(query, empty, 1.5);
        // One write of an AsyncLocal costs more the more of them have a value, whoever writes it; the goal is one write and one frame.
        var floor = measured.Named(DispatchCandidates.Floor).Bytes - empty.Bytes;
        goals.Bytes(query, empty, Math.Max(128, floor), floor <= 128 ? "one frame and one AsyncLocal write" : "the floor that was measured beside it");

        Stage Build(DispatchCandidates candidates) => new(candidates.In(others), candidates);
    }

    // There is no goal for it: a span costs what .NET makes of it.
    private static async Task ListenedAsync()
    {
        var measured = await Interleaved.RunAsync(static () => Build(new(listened: true)));
        Tables.Print("Dispatch, while somebody listens to spans and metrics", measured, measured.Named(DispatchCandidates.Empty));

        static Stage Build(DispatchCandidates candidates) => new(candidates.In(otherLocals: 0), candidates);
    }

    private static async Task PointQueryAsync(NotesServers servers, Goals goals)
    {
        await JudgeAsync($"Point query on {servers.Name}", () => Build(new(servers), tracked: false), goals);
        await JudgeAsync($"Point query on {servers.Name}, tracked", () => Build(new(servers), tracked: true), goals);

        static Stage Build(PointQueryCandidates candidates, bool tracked) => new(tracked ? candidates.Tracked : candidates.Untracked, candidates, candidates.FillPoolsAsync);
    }

    private static async Task JudgeAsync(string title, Func<Stage> build, Goals goals)
    {
        var measured = await Interleaved.RunAsync(build);
        var plain = measured.Named(PointQueryCandidates.Plain);
        Tables.Print(title, measured, plain);
        var routed = measured.Named(PointQueryCandidates.Routed);
        goals.TimeWithinNoise(routed, plain, measured.Named(PointQueryCandidates.Control));
        goals.Bytes(routed, plain, 256, "over plain EF Core and an empty behavior");
    }
}
