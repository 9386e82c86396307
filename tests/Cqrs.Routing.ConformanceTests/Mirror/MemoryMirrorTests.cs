using Dapper;
using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.ConformanceTests.Mirror;

/// <summary>Group J: a mirror on an open SQLite connection in memory.</summary>
public sealed class MemoryMirrorTests : IAsyncLifetime
{
    private readonly SqlitePair _pair = new();
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private RoutedApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _connection.OpenAsync();
        _app = RoutedApp.Start(_pair, options => options.ConfigureContext = (builder, _) => builder.UseSqlite(_connection).UseReplicaMirror());
        await _app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.EnsureCreatedAsync();
            scope.Db.Add(new Order { Id = 1, Name = "in memory" });
            await scope.Db.SaveChangesAsync();
        });
        _app.Log.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _connection.DisposeAsync();
        await _pair.DisposeAsync();
    }

    [Fact]
    [Trait("Case", "C213")]
    [Trait("Case", "C215")]
    public async Task A_query_sees_the_one_database_and_counts_as_a_replica_read()
    {
        await _app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe("in memory")));

        _app.Routes.GetRecords<Read>().ShouldContain(new RouteRecord(typeof(Read), typeof(ShopContext), DatabaseRole.Replica, RouteReason.Query));
    }

    [Fact]
    [Trait("Case", "C216")]
    public async Task A_query_cannot_write_through_EF_or_past_it()
    {
        await _app.SendAsync(new Read(async handling =>
        {
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
            await handling.Db.Database.OpenConnectionAsync();
            var error = await Should.ThrowAsync<SqliteException>(() => handling.Db.Database.GetDbConnection().ExecuteAsync("""DELETE FROM "Orders" """));
            error.SqliteErrorCode.ShouldBe(8);
            (await handling.Db.Orders.CountAsync()).ShouldBe(1);
            await handling.Db.Database.CloseConnectionAsync();
        }));

        (await _connection.ExecuteScalarAsync<int>("""SELECT COUNT(*) FROM "Orders" """)).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C216")]
    [Trait("Case", "C222")]
    public async Task Commands_and_the_test_itself_can_write_before_and_after_a_query()
    {
        for (var number = 2; number <= 4; number++)
        {
            await _app.SendAsync(new WriteNothingBack(async handling =>
            {
                handling.Db.Add(new Order { Id = number, Name = "new" });
                await handling.Db.SaveChangesAsync();
            }));
            (await _app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync()))).ShouldBe(number);
            await _connection.ExecuteAsync("""UPDATE "Orders" SET "Name" = 'renamed'""");
        }
    }

    [Fact]
    [Trait("Case", "C222")]
    public async Task A_query_that_fails_half_way_leaves_the_connection_writable()
    {
        await Should.ThrowAsync<SqliteException>(() => _app.SendAsync(new Read(async handling =>
            await handling.Db.Database.SqlQueryRaw<int>("SELECT nothing FROM nowhere").ToListAsync())));
        await Should.ThrowAsync<NotSupportedException>(() => _app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            throw new NotSupportedException();
        })));

        await _connection.ExecuteAsync("""UPDATE "Orders" SET "Name" = 'renamed'""");
    }

    [Fact]
    [Trait("Case", "C216")]
    public async Task A_stream_that_is_still_being_read_keeps_the_connection_read_only_until_it_ends()
    {
        await _app.InScopeAsync(async scope =>
        {
            await foreach (var _ in scope.Sender.CreateStream(new ReadStream(handling => handling.Db.Orders.AsNoTracking().AsAsyncEnumerable())))
                await Should.ThrowAsync<SqliteException>(() => _connection.ExecuteAsync("""DELETE FROM "Orders" """));
        });

        await _connection.ExecuteAsync("""DELETE FROM "Orders" """);
    }
}
