using Npgsql;
using Sample.Infrastructure.Replication;

namespace Sample.Infrastructure.PostgreSql;

/// <summary>
/// Streaming replication. A delay is a setting of the standby (<c>recovery_min_apply_delay</c>) and not a sample's to change, so the page
/// offers to pause and resume replay instead; it needs the right to execute <c>pg_wal_replay_pause()</c>.
/// </summary>
internal sealed class StandbyReplication(string primary, string replica, TimeProvider time) : IReplication, IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly NpgsqlDataSource _primary = NpgsqlDataSource.Create(primary);
    private readonly NpgsqlDataSource _replica = NpgsqlDataSource.Create(replica);

    public TimeSpan LongestDelay => TimeSpan.Zero;

    public TimeSpan Delay
    {
        get => TimeSpan.Zero;
        set => ArgumentOutOfRangeException.ThrowIfNotEqual(value, TimeSpan.Zero);
    }

    public async Task<ReplicationStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        // Received is compared with replayed first: on an idle primary the age of the last replayed transaction grows without bound.
        await using var command = _replica.CreateCommand(
            """
            SELECT has_function_privilege('pg_wal_replay_pause()', 'execute'), pg_is_wal_replay_paused(),
                   CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN interval '0'
                        ELSE coalesce(clock_timestamp() - pg_last_xact_replay_timestamp(), interval '0') END,
                   (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetBoolean(0), reader.GetBoolean(1), reader.GetTimeSpan(2), reader.GetInt64(3));
    }

    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        await AskAsync(_replica, "SELECT pg_wal_replay_pause()", cancellationToken);

        // That was only a wish: the standby goes on with what it is replaying.
        await WaitUntilAsync("pg_get_wal_replay_pause_state() = 'paused'", cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var status = await GetStatusAsync(cancellationToken);
        if (status.Paused)
            await AskAsync(_replica, "SELECT pg_wal_replay_resume()", cancellationToken);
    }

    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken);
        // Sessions wait for what is inserted into the log, but only what is flushed is sent: a commit of our own flushes all that is inserted before it.
        await AskAsync(_primary, "SELECT pg_logical_emit_message(true, 'sample', 'catch up')", cancellationToken);
        var committed = await AskAsync(_primary, "SELECT pg_current_wal_flush_lsn()::text", cancellationToken);
        await WaitUntilAsync($"pg_last_wal_replay_lsn() >= '{committed}'", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _primary.DisposeAsync();
        await _replica.DisposeAsync();
    }

    private async Task WaitUntilAsync(string condition, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await AskAsync(_replica, $"SELECT {condition}", cancellationToken) is not true)
        {
            if (time.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"The standby did not get to {condition} in {Patience.TotalSeconds} seconds. Is it streaming?");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource server, string sql, CancellationToken cancellationToken)
    {
        await using var command = server.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
