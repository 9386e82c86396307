namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Group D: entities that a query loaded from the replica without tracking them, handed to a command.</summary>
public abstract class AttachTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C132")]
    public async Task An_entity_from_the_replica_is_updated_on_the_primary()
    {
        await using var app = Start();
        var order = await LoadAsync(app);

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Attach(order);
            order.CustomerId = null;
            (await handling.Db.SaveChangesAsync()).ShouldBe(1);
        }));

        app.Log.Counts.ShouldBe((1, 0));
        await using var primary = Pair.Direct(Server.Primary);
        var saved = await primary.Orders.SingleAsync();
        (saved.CustomerId, saved.Name).ShouldBe((null, DatabasePair.Current));
    }

    [Fact]
    [Trait("Case", "C133")]
    public async Task An_entity_from_the_replica_is_deleted_on_the_primary()
    {
        await using var app = Start();
        var order = await LoadAsync(app);

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Remove(order);
            await handling.Db.SaveChangesAsync();
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.CountAsync()).ShouldBe(0);
        await using var replica = Pair.Direct(Server.Replica);
        (await replica.Orders.CountAsync()).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C135")]
    public async Task Attaching_a_new_entity_inserts_it_and_not_the_principal_from_the_replica()
    {
        await using var app = Start();
        var customer = (await LoadAsync(app)).Customer!;

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Attach(new Order { Name = "new", Customer = customer });
            (await handling.Db.SaveChangesAsync()).ShouldBe(1);
        }));

        app.Log.Counts.ShouldBe((1, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync(order => order.Name == "new")).CustomerId.ShouldBe(1);
        (await primary.Customers.CountAsync()).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C135")]
    public async Task Adding_a_new_entity_with_a_principal_from_the_replica_fails_loudly()
    {
        await using var app = Start();
        var customer = (await LoadAsync(app)).Customer!;

        await Should.ThrowAsync<DbUpdateException>(() => app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Add(new Order { Name = "new", Customer = customer });
            await handling.Db.SaveChangesAsync();
        })));

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.CountAsync()).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C136")]
    public async Task Attaching_a_graph_and_adding_a_tag_inserts_exactly_one_join_row()
    {
        await using var app = Start();
        var order = await LoadAsync(app);

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Attach(order);
            order.Tags.Add(new Tag { Label = "hot" });
            (await handling.Db.SaveChangesAsync()).ShouldBe(2);
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        await using var primary = Pair.Direct(Server.Primary);
        var saved = await primary.Orders.Include(order => order.Tags).SingleAsync();
        saved.Name.ShouldBe(DatabasePair.Current);
        saved.Tags.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Case", "C143")]
    public async Task A_copy_from_the_replica_is_never_merged_into_what_the_command_tracks()
    {
        await using var app = Start();
        var stale = await LoadAsync(app);

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            var tracked = await handling.Db.Orders.SingleAsync();
            var error = Should.Throw<InvalidOperationException>(() => handling.Db.Attach(stale));
            error.Message.ShouldContain("another instance with the same key");
            tracked.Name.ShouldBe(DatabasePair.Current);
            stale.Name.ShouldBe(DatabasePair.Replicated);
        }));
    }

    [Fact]
    [Trait("Case", "C150")]
    public async Task What_a_command_loads_around_an_entity_from_the_replica_comes_from_the_primary()
    {
        await using (var primary = Pair.Direct(Server.Primary))
            await primary.Lines.ExecuteUpdateAsync(set => set.SetProperty(line => line.Quantity, 5));
        await using var app = Start();
        var order = (Order)(await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync())))!;
        app.Log.Clear();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            var entry = handling.Db.Attach(order);
            (await entry.GetDatabaseValuesAsync())!.GetValue<string>(nameof(Order.Name)).ShouldBe(DatabasePair.Current);
            await entry.Collection(order => order.Lines).LoadAsync();
            order.Lines.ShouldAllBe(line => line.Quantity == 5);
            await entry.ReloadAsync();
            order.Name.ShouldBe(DatabasePair.Current);
        }));

        app.Log.Counts.ShouldBe((3, 0));
    }

    [Fact]
    [Trait("Case", "C157")]
    public async Task A_replaced_owned_value_is_one_update_on_the_primary_with_the_token()
    {
        await using var app = Start();
        var order = await LoadAsync(app, whole: false);

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            order.ShipTo = new() { City = "Paris" };
            handling.Db.Update(order);
            await handling.Db.SaveChangesAsync();
        }));

        app.Log.Counts.ShouldBe((1, 0));
        app.Log.OnPrimary.Single().ShouldContain("UPDATE");
        app.Log.OnPrimary.Single().ShouldContain("\"Version\" = @");
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).ShipTo!.City.ShouldBe("Paris");
    }

    private static async Task<Order> LoadAsync(RoutedApp app, bool whole = true)
    {
        var order = await app.SendAsync(new Read(async handling => whole
            ? await handling.Db.Orders.AsNoTracking().Include(order => order.Customer).Include(order => order.Tags).SingleAsync()
            : await handling.Db.Orders.AsNoTracking().SingleAsync()));
        app.Log.Counts.ShouldBe((0, 1));
        app.Log.Clear();
        return (Order)order!;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : AttachTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : AttachTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
