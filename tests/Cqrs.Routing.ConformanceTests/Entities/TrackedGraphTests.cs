namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>A graph that a query tracked is the same for its caller and for later commands of the scope, as in plain EF.</summary>
public abstract class TrackedGraphTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C134")]
    public async Task A_graph_that_a_caller_holds_stays_whole_and_tracked_when_a_command_starts()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling =>
                await handling.Db.Orders.Include(order => order.Lines).Include(order => order.Tags).Include(order => order.Customer).SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Orders.CountAsync()));

            // The order and its address, two lines, the tag and its join row, the customer.
            scope.Db.ChangeTracker.Entries().Count().ShouldBe(7);
            scope.Db.ChangeTracker.Entries().ShouldAllBe(entry => entry.State == EntityState.Unchanged);
            order.Name.ShouldBe(DatabasePair.Current);
            order.Lines.Select(line => line.Product).Order().ShouldBe(["milk", "tea"]);
            order.Lines.ShouldAllBe(line => line.Order == order && line.OrderId == 1);
            order.Tags.Single().Orders.Single().ShouldBeSameAs(order);
            order.Customer!.Email.ShouldBe("ada@example.org");
            order.CustomerId.ShouldBe(1);
            order.ShipTo!.City.ShouldBe("London");
        });

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C134")]
    public async Task What_the_command_loads_is_the_graph_that_the_query_tracked()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var tracked = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                var loaded = await handling.Db.Orders.Include(order => order.Lines).SingleAsync();
                loaded.ShouldBeSameAs(tracked);
                loaded.Name.ShouldBe(DatabasePair.Current);
                loaded.Lines.Count.ShouldBe(2);
                handling.Db.Lines.Local.Count.ShouldBe(2);
            }));
        });

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_graph_that_a_query_only_showed_is_not_mixed_with_what_the_command_loads()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var stale = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().Include(order => order.Lines).SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                var fresh = await handling.Db.Orders.Include(order => order.Lines).SingleAsync();
                fresh.ShouldNotBeSameAs(stale);
                fresh.Lines.Count.ShouldBe(2);
                fresh.Lines.ShouldNotContain(line => stale.Lines.Contains(line));
                stale.Lines.Count.ShouldBe(2);
            }));
        });

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_changed_child_is_saved_by_the_command_without_its_untouched_parent()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync())))!;
            order.Lines[0].Quantity = 10;
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                (await handling.Db.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
                (await handling.Db.SaveChangesAsync()).ShouldBe(1);
            }));
            order.Lines.Count.ShouldBe(2);
        });

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Lines.CountAsync(line => line.Quantity == 10)).ShouldBe(1);
        (await primary.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : TrackedGraphTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : TrackedGraphTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
