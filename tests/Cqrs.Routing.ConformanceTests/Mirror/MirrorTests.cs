using Cqrs.Routing.ConformanceTests.Writes;

namespace Cqrs.Routing.ConformanceTests.Mirror;

/// <summary>Group J: the replica is the primary's own connection. The recorder shows the intended route, and queries cannot write.</summary>
public abstract class MirrorTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    [Trait("Case", "C213")]
    public async Task A_query_reads_the_primarys_rows_and_the_recorder_shows_where_it_would_go()
    {
        await using var app = StartMirror();

        await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current)));
        await app.SendAsync(new Write(async handling => (await handling.Db.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current)));

        app.Log.Counts.ShouldBe((2, 0));
        app.Routes.GetRecords<Read>().ShouldBe(
        [
            new RouteRecord(typeof(Read), null, DatabaseRole.Replica, RouteReason.Query),
            new RouteRecord(typeof(Read), typeof(ShopContext), DatabaseRole.Replica, RouteReason.Query),
        ]);
        app.Routes.GetRecords<Write>().ShouldAllBe(record => record.Route == DatabaseRole.Primary && record.Reason == RouteReason.Command);
    }

    [Fact]
    [Trait("Case", "C216")]
    public async Task Writes_of_a_query_are_refused_on_a_mirror()
    {
        await using var app = StartMirror();

        await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Add(new Tag { Label = "new" });
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.SaveChangesAsync());
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Notes.ExecuteDeleteAsync());
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.ExecuteSqlRawAsync("""DELETE FROM "Notes" """));
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.EnsureDeletedAsync());
            app.Log.Counts.ShouldBe((0, 0));
            (await handling.Db.Notes.CountAsync()).ShouldBe(1);
        }));

        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Case", "C078")]
    [Trait("Case", "C216")]
    [Trait("Case", "C222")]
    public async Task A_mirror_is_read_only_past_EF_while_a_query_has_it_open_and_writable_for_commands_on_every_lease()
    {
        await using var app = StartMirror();

        for (var round = 0; round < 3; round++)
        {
            await app.SendAsync(new Read(async handling =>
            {
                await handling.Db.Database.OpenConnectionAsync();
                await using var command = handling.Db.Database.GetDbConnection().CreateCommand();
                command.CommandText = """DELETE FROM "Notes" """;
                await Should.ThrowAsync<System.Data.Common.DbException>(() => command.ExecuteNonQueryAsync());
                await handling.Db.Database.CloseConnectionAsync();
            }));
            await app.SendAsync(new WriteNothingBack(async handling =>
            {
                handling.Db.Add(new Customer { Email = $"{round}" });
                (await handling.Db.SaveChangesAsync()).ShouldBe(1);
            }));
        }

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Notes.CountAsync()).ShouldBe(1);
        (await primary.Customers.CountAsync()).ShouldBe(4);
    }

    [Fact]
    [Trait("Case", "C214")]
    [Trait("Case", "C216")]
    public async Task Inside_a_tests_transaction_queries_see_its_rows_cannot_write_and_rolling_back_leaves_nothing()
    {
        await using var app = StartMirror();

        await app.InScopeAsync(async scope =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                handling.Db.Add(new Order { Name = "uncommitted" });
                await handling.Db.SaveChangesAsync();
            }));
            app.Routes.Clear();
            await scope.Sender.Send(new Read(async handling =>
            {
                (await handling.Db.Orders.CountAsync()).ShouldBe(2);
                await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
            }));
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Notes.ExecuteDeleteAsync()));
            await transaction.RollbackAsync();
        });

        app.Log.OnReplica.ShouldBeEmpty();
        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Case", "C214")]
    [Trait("Case", "C213")]
    public async Task A_test_may_share_one_connection_and_roll_back_everything()
    {
        await using var connection = Pair.CreateConnection(Pair.Primary);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var app = Start(options => options.ConfigureContext = (builder, pair) => MirrorTesting.Over(pair, builder, connection).UseReplicaMirror());

        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.UseTransactionAsync(transaction);
            scope.Db.Add(new Order { Name = "arranged" });
            await scope.Db.SaveChangesAsync();
        });
        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.UseTransactionAsync(transaction);
            await scope.Sender.Send(new Read(async handling =>
            {
                (await handling.Db.Orders.CountAsync()).ShouldBe(2);
                await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
            }));
        });
        app.Routes.GetRecords<Read>()[^1].ShouldBe(new RouteRecord(typeof(Read), typeof(ShopContext), DatabaseRole.Replica, RouteReason.Query));
        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.UseTransactionAsync(transaction);
            await scope.Sender.Send(new WriteNothingBack(async handling => (await handling.Db.Orders.ExecuteDeleteAsync()).ShouldBe(2)));
        });
        await transaction.RollbackAsync();

        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Case", "C015")]
    [Trait("Case", "C216")]
    public async Task A_command_that_a_query_may_send_writes_on_the_mirror_and_the_query_still_cannot()
    {
        await using var app = Start(options =>
        {
            options.ConfigureContext = static (builder, _) => builder.UseReplicaMirror();
            options.ConfigureRouting = routing => routing.AllowCommandsInQueries = true;
        });

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            await handling.Sender.Send(new WriteNothingBack(async inner =>
            {
                inner.Db.Add(new Customer { Email = "new" });
                inner.Db.Add(new Customer { Email = "newer" });
                await inner.Db.SaveChangesAsync();
            }));
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Notes.ExecuteDeleteAsync());
            await handling.Db.Database.CloseConnectionAsync();
        }));

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Customers.CountAsync() + await primary.Notes.CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task A_query_may_begin_a_transaction_and_not_write_in_it()
    {
        await using var app = StartMirror();

        await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            (await handling.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(1);
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
        }));
        await app.SendAsync(new Write(async handling => await handling.Db.Notes.ExecuteDeleteAsync()));
    }

    private RoutedApp StartMirror() => Start(options => options.ConfigureContext = static (builder, _) => builder.UseReplicaMirror());

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : MirrorTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : MirrorTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
