namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Faults A1 and A2: a query fills a collection of an entity that a command loaded.</summary>
public abstract class FilledCollectionTests(DatabasePair pair) : TrackingTest(pair)
{
    [Fact]
    [Trait("Fault", "A1")]
    public async Task A_collection_that_a_query_included_is_not_filled_twice() => await ShouldBeAsInPlainEfAsync("2 lines, 1000", async caller =>
    {
        await caller.CommandAsync(db => db.Orders.SingleAsync());
        await caller.QueryAsync(db => db.Orders.Include(order => order.Lines).SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            var order = await db.Orders.Include(order => order.Lines).SingleAsync();
            order.Name = $"{order.Lines.Count} lines, {order.Lines.Sum(line => line.Quantity)}";
            await db.SaveChangesAsync();
            return order.Name;
        });
    });

    [Fact]
    [Trait("Fault", "A1")]
    public async Task A_collection_without_a_join_entity_is_not_filled_twice() => await ShouldBeAsInPlainEfAsync("1 tags, 1", async caller =>
    {
        await caller.CommandAsync(db => db.Orders.SingleAsync());
        await caller.QueryAsync(db => db.Orders.Include(order => order.Tags).SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            var order = await db.Orders.Include(order => order.Tags).SingleAsync();
            order.Name = $"{order.Tags.Count} tags, {order.Tags.Sum(tag => tag.Id)}";
            await db.SaveChangesAsync();
            return order.Name;
        });
    });

    [Fact]
    [Trait("Fault", "A1")]
    public async Task A_command_sums_what_the_primary_has()
    {
        var sum = await RunLaggingAsync(async caller =>
        {
            await caller.CommandAsync(db => db.Orders.SingleAsync());
            await caller.QueryAsync(db => db.Orders.Include(order => order.Lines).SingleAsync());
            return await caller.CommandAsync(async db => (await db.Orders.Include(order => order.Lines).SingleAsync()).Lines.Sum(line => line.Quantity));
        });

        sum.ShouldBe(1000);
    }

    [Fact]
    [Trait("Fault", "A2")]
    public async Task What_is_loaded_into_a_collection_that_a_query_filled_can_be_changed() => await ShouldBeAsInPlainEfAsync("1", async caller =>
    {
        await caller.CommandAsync(db => db.Orders.SingleAsync());
        await caller.QueryAsync(db => db.Orders.Include(order => order.Lines).SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            var order = await db.Orders.SingleAsync();
            await db.Entry(order).Collection(order => order.Lines).LoadAsync();
            order.Lines.Single(line => line.Id == 1).Quantity = 5;
            return $"{await db.SaveChangesAsync()}";
        });
    });

    [Fact]
    [Trait("Fault", "A2")]
    public async Task What_a_proxy_loaded_in_a_query_can_be_changed() => await ShouldBeAsInPlainEfAsync(
        "1",
        async caller =>
        {
            var order = await caller.CommandAsync(db => db.Orders.SingleAsync());
            await caller.QueryAsync(db => Task.FromResult(order.Lines.Count));
            return await caller.CommandAsync(async db =>
            {
                order.Lines.Single(line => line.Id == 1).Quantity = 5;
                return $"{await db.SaveChangesAsync()}";
            });
        },
        builder => builder.UseLazyLoadingProxies(proxies => proxies.IgnoreNonVirtualNavigations()));

    [Fact]
    [Trait("Fault", "A2")]
    public async Task A_command_adds_to_what_the_primary_has_in_a_collection_that_a_query_filled()
    {
        var quantity = await RunLaggingAsync(async caller =>
        {
            await caller.CommandAsync(db => db.Orders.SingleAsync());
            await caller.QueryAsync(db => db.Orders.Include(order => order.Lines).SingleAsync());
            return await caller.CommandAsync(async db =>
            {
                var order = await db.Orders.SingleAsync();
                await db.Entry(order).Collection(order => order.Lines).LoadAsync();
                var line = order.Lines.Single(line => line.Id == 1);
                line.Quantity++;
                (await db.SaveChangesAsync()).ShouldBe(1);
                return line.Quantity;
            });
        });

        quantity.ShouldBe(501);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : FilledCollectionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : FilledCollectionTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : FilledCollectionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
