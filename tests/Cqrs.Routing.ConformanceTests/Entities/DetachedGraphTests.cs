namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>The change tracker: what is no longer tracked is still the caller's, with all that it leads to.</summary>
public abstract class DetachedGraphTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C134")]
    public async Task A_graph_that_a_caller_holds_stays_whole_when_a_command_starts()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling =>
                await handling.Db.Orders.Include(order => order.Lines).Include(order => order.Tags).Include(order => order.Customer).SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Orders.CountAsync()));

            scope.Db.ChangeTracker.Entries().ShouldBeEmpty();
            order.Name.ShouldBe(DatabasePair.Replicated);
            order.Lines.Select(line => line.Product).Order().ShouldBe(["milk", "tea"]);
            order.Lines.ShouldAllBe(line => line.Order == order && line.OrderId == 1);
            order.Tags.Single().Orders.Single().ShouldBeSameAs(order);
            order.Customer!.Email.ShouldBe("ada@example.org");
            order.CustomerId.ShouldBe(1);
            order.ShipTo!.City.ShouldBe("London");
        });
    }

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_stale_graph_is_not_mixed_with_what_the_command_loads()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var stale = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                var fresh = await handling.Db.Orders.Include(order => order.Lines).SingleAsync();
                fresh.ShouldNotBeSameAs(stale);
                fresh.Lines.Count.ShouldBe(2);
                fresh.Lines.ShouldNotContain(line => stale.Lines.Contains(line));
                stale.Lines.Count.ShouldBe(2);
            }));
        });
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

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : DetachedGraphTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : DetachedGraphTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
