using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Full;

/// <summary>On a primary with its hot standby.</summary>
public class PostgreSqlBenchmarks : PointQueryBenchmarks
{
    private protected override async Task<NotesServers> StartAsync() =>
        await NotesServers.PostgreSqlAsync() ?? throw new InvalidOperationException("PostgreSQL is not installed.");
}
