using Cqrs.Routing.TestServers;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A commit record that ends with its WAL page: the primary's position is then behind the next page's header, which no idle standby reaches.</summary>
public sealed class PageBoundaryTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    // A message of a hundred characters tells what one takes besides its characters, two bytes of which are five where it is longer than 255.
    private const string FillPage = """
        DO $$
        DECLARE
            before bigint; after bigint; overhead bigint; free bigint;
        BEGIN
            before := (pg_current_wal_insert_lsn() - '0/0')::bigint;
            PERFORM pg_logical_emit_message(false, 'page', repeat('x', 100));
            after := (pg_current_wal_insert_lsn() - '0/0')::bigint;
            overhead := after - before - 100;
            free := 8192 - after % 8192;
            IF free > 400 THEN
                PERFORM pg_logical_emit_message(false, 'page', repeat('x', (free - overhead - 3)::int));
            END IF;
        END $$
        """;

    private const string BehindHeader = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint % 8192 = 24";

    private const string BehindSegmentHeader =
        "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint % pg_size_bytes(current_setting('wal_segment_size')) = 40";

    [Fact]
    public async Task A_commit_that_ends_with_its_page_is_caught_up_with()
    {
        await using var app = StartWithPositions();
        await using var primary = NpgsqlDataSource.Create(Pair.Primary);
        await using var replica = NpgsqlDataSource.Create(Pair.Replica);
        // Replay runs on.
        await Pair.DisposeAsync();
        string? token = null;

        // Again if PostgreSQL wrote something of its own meanwhile.
        do
        {
            await app.InScopeAsync(async scope =>
            {
                await scope.Sender.Send(Rename("written"));
                await AskAsync(primary, FillPage);
                token = await TokenOf(scope);
            });
        }
        while (await AskAsync(primary, BehindHeader) is not true);
        var pageEnd = (long)(await AskAsync(primary, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint / 8192 * 8192"))!;
        while (await AskAsync(replica, $"SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint >= {pageEnd}") is not true)
            await Task.Yield();

        (await ReadAsync(app, token)).ShouldBe("written");
        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    public async Task A_commit_that_a_log_switch_follows_is_caught_up_with()
    {
        await using var app = StartWithPositions();
        await using var primary = NpgsqlDataSource.Create(Pair.Primary);
        await using var replica = NpgsqlDataSource.Create(Pair.Replica);
        await using var server = NpgsqlDataSource.Create((await PostgresPair.SharedAsync()).PrimaryConnectionString);
        await Pair.DisposeAsync();
        string? token = null;

        do
        {
            await app.InScopeAsync(async scope =>
            {
                await scope.Sender.Send(Rename("written"));
                await AskAsync(server, "SELECT pg_switch_wal()");
                token = await TokenOf(scope);
            });
        }
        while (await AskAsync(primary, BehindSegmentHeader) is not true);
        var segment = (long)(await AskAsync(primary, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint - 40"))!;
        while (await AskAsync(replica, $"SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint >= {segment}") is not true)
            await Task.Yield();

        (await ReadAsync(app, token)).ShouldBe("written");
        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Replica);
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
