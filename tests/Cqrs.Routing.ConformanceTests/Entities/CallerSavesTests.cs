namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>A caller saves changes to entities that a query returned, outside any request or in a command, as in plain EF.</summary>
public abstract class CallerSavesTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [Trait("Case", "C134")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_property_is_saved(bool inCommand) =>
        await SavedAsync(inCommand, order => order.Name = "changed", async db => (await db.Orders.SingleAsync()).Name.ShouldBe("changed"));

    [Theory]
    [Trait("Case", "C134")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_child_added_to_a_tracked_parents_collection_is_saved(bool inCommand) =>
        await SavedAsync(
            inCommand,
            order => order.Lines.Add(new Line { Product = "jam" }),
            async db => (await db.Lines.SingleAsync(line => line.Product == "jam")).OrderId.ShouldBe(1));

    [Theory]
    [Trait("Case", "C134")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_child_removed_from_a_tracked_parents_collection_is_deleted(bool inCommand) =>
        await SavedAsync(inCommand, order => order.Lines.RemoveAt(0), async db => (await db.Lines.CountAsync()).ShouldBe(1));

    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_owned_value_is_saved(bool inCommand) =>
        await SavedAsync(inCommand, order => order.ShipTo!.City = "Paris", async db => (await db.Orders.SingleAsync()).ShipTo!.City.ShouldBe("Paris"));

    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replaced_owned_value_is_saved(bool inCommand) =>
        await SavedAsync(inCommand, order => order.ShipTo = new() { City = "Paris" }, async db => (await db.Orders.SingleAsync()).ShipTo!.City.ShouldBe("Paris"));

    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removed_owned_value_is_saved(bool inCommand) =>
        await SavedAsync(inCommand, order => order.ShipTo = null, async db => (await db.Orders.SingleAsync()).ShipTo.ShouldBeNull());

    [Theory]
    [Trait("Case", "C136")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_join_row_is_saved_once_and_its_ends_are_not_touched(bool inCommand) =>
        await SavedAsync(
            inCommand,
            order => order.Tags.Add(new Tag { Label = "hot" }),
            async db =>
            {
                var order = await db.Orders.Include(order => order.Tags).SingleAsync();
                order.Tags.Select(tag => tag.Label).Order().ShouldBe(["hot", "new"]);
                order.Name.ShouldBe(DatabasePair.Current);
            });

    [Theory]
    [Trait("Case", "C134")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_reference_is_saved(bool inCommand) =>
        await SavedAsync(
            inCommand,
            order => order.Customer = new() { Email = "grace@example.org" },
            async db => (await db.Orders.Include(order => order.Customer).SingleAsync()).Customer!.Email.ShouldBe("grace@example.org"));

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_caller_may_change_and_save_one_entity_of_a_query_after_the_other()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var lines = (List<Line>)(await scope.Sender.Send(new Read(async handling => await handling.Db.Lines.OrderBy(line => line.Id).ToListAsync())))!;
            lines[0].Quantity = 10;
            (await scope.Db.SaveChangesAsync()).ShouldBe(1);
            lines[1].Quantity = 20;
            (await scope.Db.SaveChangesAsync()).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((3, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Lines.OrderBy(line => line.Id).Select(line => line.Quantity).ToListAsync()).ShouldBe([10, 20]);
    }

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_caller_may_save_after_a_command_of_its_scope_what_it_changed_before()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync())))!;
            order.Name = "changed";
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Notes.ExecuteDeleteAsync()));
            (await scope.Db.SaveChangesAsync()).ShouldBe(1);
        });

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).Name.ShouldBe("changed");
    }

    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_property_does_not_write_back_the_replicas_owned_value(bool inCommand)
    {
        await using (var primary = Pair.Direct(Server.Primary))
            await primary.Database.ExecuteSqlRawAsync("""UPDATE "Orders" SET "ShipTo_City" = 'Rome'""");

        await SavedAsync(inCommand, order => order.Name = "changed", async db =>
        {
            var order = await db.Orders.SingleAsync();
            (order.Name, order.ShipTo!.City).ShouldBe(("changed", "Rome"));
        });
    }

    private async Task SavedAsync(bool inCommand, Action<Order> change, Func<ShopContext, Task> check)
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling =>
                await handling.Db.Orders.Include(order => order.Lines).Include(order => order.Tags).Include(order => order.Customer).SingleAsync())))!;
            order.Name.ShouldBe(DatabasePair.Current);
            app.Log.Counts.ShouldBe((1, 0));
            change(order);
            if (inCommand)
                await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.SaveChangesAsync()));
            else
                await scope.Db.SaveChangesAsync();
        });

        app.Log.OnReplica.ShouldBeEmpty();
        app.Log.OnPrimary.Count.ShouldBeGreaterThan(1);
        await using var primary = Pair.Direct(Server.Primary);
        await check(primary);
        (await primary.Orders.CountAsync(order => order.Version == 0)).ShouldBe(1);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : CallerSavesTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : CallerSavesTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
