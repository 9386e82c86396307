using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Full;

/// <summary>On two files.</summary>
public class SqliteBenchmarks : PointQueryBenchmarks
{
    private protected override Task<NotesServers> StartAsync() => NotesServers.SqliteAsync();
}
