using System.Globalization;
using Cqrs.Routing.TestServers;
using Npgsql;

namespace Cqrs.Routing.GuardFuzzTests.Judges;

/// <summary>PostgreSQL's primary, through Npgsql and on one connection, which is reset as a pool does.</summary>
internal sealed class PostgresJudge : IJudge
{
    // What a text may leave behind, but for what the pool's reset takes back. A transaction that writes anything takes a number, also if it is rolled back.
    private const string Fingerprint = """
        SELECT concat_ws('|', (SELECT string_agg(t::text, ',' ORDER BY a, b) FROM public.t), (SELECT string_agg(u::text, ',' ORDER BY a) FROM public.u), (SELECT last_value || ' ' || is_called FROM public.s),
            (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_largeobject_metadata), (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()),
            (SELECT count(*) FROM pg_prepared_xacts), (SELECT count(*) FROM pg_replication_slots))
        """;

    // What no reset may have to take back: a way out of read-only, other quotes, locks, channels.
    private const string Session = """
        SELECT concat_ws('|', current_setting('default_transaction_read_only'), current_setting('standard_conforming_strings'), current_setting('client_encoding'),
            (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'), (SELECT string_agg(c, ',') FROM pg_listening_channels() AS c),
            (SELECT count(*) FROM pg_class WHERE relpersistence = 't'))
        """;

    private readonly NpgsqlConnection _connection;
    private string _before = "";
    private string _sessionBefore = "";

    private PostgresJudge(string connectionString) => _connection = new(connectionString);

    public static async Task<IJudge> StartAsync()
    {
        var pair = await PostgresPair.SharedAsync();
        var database = await pair.CreateDatabaseAsync("guard_fuzz");
        var judge = new PostgresJudge(new NpgsqlConnectionStringBuilder(database.Primary) { Pooling = false, CommandTimeout = 5, ApplicationName = "fuzz" }.ConnectionString);
        await judge._connection.OpenAsync();
        await judge.ExecuteAsync(
            "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, 'y'); CREATE TABLE u (a int); INSERT INTO u VALUES (3); CREATE SEQUENCE s; CREATE VIEW v AS SELECT a FROM t; SET statement_timeout = '2s'");
        judge._before = await judge.TextAsync(Fingerprint);
        judge._sessionBefore = await judge.TextAsync(Session);
        return judge;
    }

    public async Task<(bool Succeeded, string? Change)> TryAsync(string sql)
    {
        // The server's own workers take numbers too, several in a row.
        var number = await NumberAsync();
        var succeeded = await IsExecutedAsync(sql);
        var change = await ChangeAsync();
        if (change is null && await NumberAsync() != number && await TakesNumberAsync(sql))
            change = "it takes a transaction's number";
        return (succeeded, change);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // A text that takes one takes one each time.
    private async Task<bool> TakesNumberAsync(string sql)
    {
        for (var time = 0; time < 20; time++)
        {
            await Task.Delay(50);
            var number = await NumberAsync();
            await IsExecutedAsync(sql);
            await ChangeAsync();
            if (await NumberAsync() == number)
                return false;
        }

        return true;
    }

    private async Task<bool> IsExecutedAsync(string sql)
    {
        try
        {
            await ExecuteAsync(sql);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException { InnerException: null or TimeoutException } or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    private async Task<string?> ChangeAsync()
    {
        await ExecuteAsync("ROLLBACK");
        var session = await TextAsync(Session);
        await ExecuteAsync("DISCARD ALL");
        await ExecuteAsync("SET statement_timeout = '2s'");
        var after = await TextAsync(Fingerprint);
        var change = after != _before ? $"{_before}\n became\n{after}" : session != _sessionBefore ? $"{_sessionBefore}\n became\n{session}" : null;
        _before = after;
        return change;
    }

    private async Task<string> NumberAsync() => await TextAsync("SELECT pg_snapshot_xmax(pg_current_snapshot())::text");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> TextAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }
}
