using Microsoft.Extensions.Hosting;

namespace Sample.Infrastructure.Sqlite;

/// <summary>Keeps the replicator going. A failure stops the host: a replica that silently stands still is worse.</summary>
internal sealed class SqliteReplicationService(SqliteReplicator replicator, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                replicator.Tick();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end, also when the host could not start; only then would the host take this for a failure.
        }
    }
}
