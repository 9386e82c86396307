using Cqrs.Routing.ConformanceTests.Configuration;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: the server of each kind of request.</summary>
public abstract class RoutingTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C001")]
    public async Task A_query_outside_any_transaction_reads_on_the_replica_only()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name));

        name.ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Theory]
    [Trait("Case", "C001")]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.Factory)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task However_the_context_is_registered_each_request_finds_its_server(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            (await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Replicated);
            (await app.SendAsync(new Write(async handling => (await handling.Db.Orders.SingleAsync()).Name))).ShouldBe(DatabasePair.Current);
        }

        app.Log.Counts.ShouldBe((2, 2));
    }

    [Fact]
    [Trait("Case", "C002")]
    public async Task A_command_reads_and_writes_on_the_primary_only()
    {
        await using var app = Start();

        await app.SendAsync(new Write(async handling =>
        {
            var order = await handling.Db.Orders.SingleAsync();
            order.Name += " and changed";
            await handling.Db.SaveChangesAsync();
        }));

        app.Log.Counts.ShouldBe((2, 0));
        (await NameOnAsync(Server.Primary)).ShouldBe($"{DatabasePair.Current} and changed");
        (await NameOnAsync(Server.Replica)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    [Trait("Case", "C001")]
    [Trait("Case", "C002")]
    public async Task Synchronous_code_is_routed_like_asynchronous_code()
    {
        await using var app = Start();

        await app.SendAsync(new Read(handling =>
        {
            handling.Db.Orders.AsNoTracking().Single().Name.ShouldBe(DatabasePair.Replicated);
            return Task.CompletedTask;
        }));
        await app.SendAsync(new Write(handling =>
        {
            using var transaction = handling.Db.Database.BeginTransaction();
            handling.Db.Orders.Single().Name.ShouldBe(DatabasePair.Current);
            transaction.Commit();
            return Task.CompletedTask;
        }));

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C005")]
    public async Task A_request_without_a_marker_runs_on_the_primary_and_is_warned_of_once()
    {
        using var log = new LogLines();
        await using var app = Start(options => options.ConfigureServices = log.AddTo);

        foreach (var _ in Enumerable.Range(0, 3))
            (await app.SendAsync(new Neither(async handling => (await handling.Db.Orders.SingleAsync()).Name))).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((3, 0));
        log.All.ShouldHaveSingleItem().ShouldStartWith("Cqrs.Routing.TestKit.Requests.Neither is neither a query nor a command");
    }

    [Fact]
    [Trait("Case", "C006")]
    public async Task A_context_outside_any_request_uses_the_primary()
    {
        await using var app = Start();

        await app.InScopeAsync(async outside =>
        {
            (await outside.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);
            await outside.Sender.Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync()));
            (await outside.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((2, 1));
    }

    [Fact]
    [Trait("Case", "C008")]
    public async Task A_query_that_asks_for_the_primary_gets_it_and_still_cannot_write()
    {
        await using var app = Start();

        var name = await app.SendAsync(new ReadFromPrimaryQuery(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name));
        var refusal = await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new ReadFromPrimaryQuery(async handling =>
            await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written by a query")))));

        name.ShouldBe(DatabasePair.Current);
        refusal.RequestName.ShouldBe(nameof(ReadFromPrimaryQuery));
        app.Log.Counts.ShouldBe((1, 0));
        (await NameOnAsync(Server.Primary)).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    [Trait("Case", "C014")]
    public async Task A_query_that_sends_a_query_reads_on_the_replica_throughout()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async outer =>
        {
            await outer.Db.Orders.CountAsync();
            await outer.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
            RouteScope.Current.ShouldBe(new(DatabaseRole.Replica, RouteReason.Query));
            await outer.Db.Orders.CountAsync();
        }));

        app.Log.Counts.ShouldBe((0, 3));
    }

    private async Task<string> NameOnAsync(Server server)
    {
        await using var db = Pair.Direct(server);
        return (await db.Orders.SingleAsync()).Name;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RoutingTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : RoutingTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RoutingTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
