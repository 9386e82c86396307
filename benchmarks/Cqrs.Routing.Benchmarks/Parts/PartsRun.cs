using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Parts;

/// <summary>Which half of the library a point query on SQLite spends its time in: there it waits for nothing.</summary>
internal static class PartsRun
{
    public static async Task<int> RunAsync()
    {
        await using var servers = await NotesServers.SqliteAsync();
        var measured = await Interleaved.RunAsync(() => Build(new(servers)));
        Tables.Print("The parts of a point query on SQLite", measured, measured.Named(PointQueryCandidates.Plain));
        return 0;

        static Stage Build(PartCandidates candidates) => new(candidates.All, candidates);
    }
}
