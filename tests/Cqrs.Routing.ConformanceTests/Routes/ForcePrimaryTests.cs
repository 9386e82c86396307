using System.Data;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group F: <c>RouteScope.ForcePrimary</c>.</summary>
public abstract class ForcePrimaryTests(DatabasePair pair) : ConformanceTest(pair)
{
    private static readonly Read ReadName = new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    [Fact]
    [Trait("Case", "C172")]
    public async Task Queries_inside_ForcePrimary_read_on_the_primary_and_queries_after_it_on_the_replica()
    {
        await using var app = Start();

        using (RouteScope.ForcePrimary())
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C172")]
    public async Task A_query_forces_some_of_its_own_reads_to_the_primary()
    {
        await using var app = Start();

        var names = await app.SendAsync(new Read(async handling =>
        {
            var orders = handling.Db.Orders.AsNoTracking().Select(order => order.Name);
            var before = await orders.SingleAsync();
            string inside;
            using (RouteScope.ForcePrimary())
                inside = await orders.SingleAsync();
            return $"{before}, {inside}, {await orders.SingleAsync()}";
        }));

        names.ShouldBe("replicated, current, replicated");
        app.Log.Counts.ShouldBe((1, 2));
    }

    [Fact]
    [Trait("Case", "C173")]
    public async Task Of_nested_ForcePrimary_blocks_only_the_outermost_exit_restores_the_route()
    {
        await using var app = Start();

        using (RouteScope.ForcePrimary())
        {
            using (RouteScope.ForcePrimary())
                (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        }

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((2, 1));
    }

    [Fact]
    [Trait("Case", "C173")]
    public async Task ForcePrimary_blocks_that_are_left_in_the_wrong_order_end_with_the_last()
    {
        await using var app = Start();
        var outer = RouteScope.ForcePrimary();
        var inner = RouteScope.ForcePrimary();

        outer.Dispose();
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        inner.Dispose();
        inner.Dispose();
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C174")]
    [Trait("Case", "C175")]
    public async Task The_route_of_a_LINQ_query_is_decided_when_it_executes_and_not_when_it_is_composed()
    {
        await using var app = Start();

        var names = await app.SendAsync(new Read(async handling =>
        {
            IQueryable<string> composed;
            using (RouteScope.ForcePrimary())
                composed = handling.Db.Orders.AsNoTracking().Where(order => order.Id == 1).Select(order => order.Name);
            app.Log.Counts.ShouldBe((0, 0));

            string forced;
            using (RouteScope.ForcePrimary())
                forced = await composed.SingleAsync();
            app.Log.Counts.ShouldBe((1, 0));
            return $"{forced}, {await composed.SingleAsync()}";
        }));

        names.ShouldBe("current, replicated");
        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C176")]
    public async Task ForcePrimary_opens_no_connection_and_no_transaction()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            using var forced = RouteScope.ForcePrimary();
            var connection = handling.Db.Database.GetDbConnection();
            Pair.ServerOf(connection).ShouldBe(Server.Primary);
            connection.State.ShouldBe(ConnectionState.Closed);
            await handling.Db.Orders.CountAsync();
            connection.State.ShouldBe(ConnectionState.Closed);
            handling.Db.Database.CurrentTransaction.ShouldBeNull();
            System.Transactions.Transaction.Current.ShouldBeNull();
        }));

        app.Log.Counts.ShouldBe((1, 0));
    }

    [Theory]
    [Trait("Case", "C177")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ForcePrimary_does_not_let_a_query_write(bool inside)
    {
        await using var app = Start();
        using var outer = inside ? null : RouteScope.ForcePrimary();

        await app.SendAsync(new Read(async handling =>
        {
            using var inner = inside ? RouteScope.ForcePrimary() : null;
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
            refusal.RequestName.ShouldBe(nameof(Read));
            handling.Db.Add(new Order { Name = "written by a query" });
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.SaveChangesAsync());
        }));

        app.Log.Counts.ShouldBe((0, 0));
    }

    [Theory]
    [Trait("Case", "C179")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_command_returned_is_read_on_the_primary_whatever_the_command_did(bool writes)
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var later = (Func<Task<object?>>)(await scope.Sender.Send(new Write(async handling =>
            {
                if (writes)
                    await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written"));
                return (Func<Task<object?>>)(() => handling.Sender.Send(ReadName));
            })))!;
            app.Log.Clear();
            (await later()).ShouldBe(writes ? "written" : DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 0));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ForcePrimaryTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ForcePrimaryTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
