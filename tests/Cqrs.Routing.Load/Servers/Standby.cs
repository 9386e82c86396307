using System.Diagnostics;
using Npgsql;

namespace Cqrs.Routing.Load.Servers;

/// <summary>Makes a standby lag, on a connection that is kept open for it, and never leaves it paused.</summary>
internal sealed class Standby(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _server = NpgsqlDataSource.Create(connectionString);

    /// <summary>Holds replay up as a schedule says.</summary>
    public async Task<ReplayHistory> FollowAsync(IEnumerable<ReplaySpan> schedule, CancellationToken until)
    {
        var begin = Stopwatch.GetTimestamp();
        var pauses = new List<TimeSpan>();
        foreach (var span in schedule.TakeWhile(_ => !until.IsCancellationRequested))
        {
            if (span.Paused)
                pauses.Add(await PauseAsync(span.Duration, until));
            else
                await PassAsync(span.Duration, until);
        }

        return new(Stopwatch.GetElapsedTime(begin), pauses);
    }

    public async Task ResumeAsync() => await ExecuteAsync("SELECT pg_wal_replay_resume()");

    /// <summary>Has every commit applied so much later than it was made.</summary>
    public async Task DelayAsync(TimeSpan delay)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres", Pooling = false };
        await using var administrator = NpgsqlDataSource.Create(server.ConnectionString);
        foreach (var sql in (string[])[$"ALTER SYSTEM SET recovery_min_apply_delay = '{(long)delay.TotalMilliseconds}ms'", "SELECT pg_reload_conf()"])
        {
            await using var command = administrator.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // Pausing is asynchronous: until the state says so, replay may go on.
    private async Task<TimeSpan> PauseAsync(TimeSpan duration, CancellationToken until)
    {
        try
        {
            await ExecuteAsync("SELECT pg_wal_replay_pause()");
            while (await ExecuteAsync("SELECT pg_get_wal_replay_pause_state()") is not "paused")
                await Task.Yield();

            var paused = Stopwatch.GetTimestamp();
            await PassAsync(duration, until);
            return Stopwatch.GetElapsedTime(paused);
        }
        finally
        {
            await ResumeAsync();
        }
    }

    private static async Task PassAsync(TimeSpan duration, CancellationToken until) =>
        await Task.Delay(duration, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var command = _server.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
