namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>The change tracker behaves as in plain EF where the application detects changes itself.</summary>
public abstract class ManualDetectionTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C134")]
    public async Task A_changed_property_is_saved_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.Name = "changed", async db => (await db.Orders.SingleAsync()).Name.ShouldBe("changed"));

    [Fact]
    [Trait("Case", "C134")]
    public async Task An_added_child_is_saved_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.Lines.Add(new Line { Product = "jam" }), async db => (await db.Lines.CountAsync()).ShouldBe(3));

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_removed_child_is_deleted_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.Lines.RemoveAt(0), async db => (await db.Lines.CountAsync()).ShouldBe(1));

    [Fact]
    [Trait("Case", "C134")]
    public async Task A_changed_reference_is_saved_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.Customer = null, async db => (await db.Orders.SingleAsync()).CustomerId.ShouldBeNull());

    [Fact]
    [Trait("Case", "C134")]
    public async Task An_added_tag_is_saved_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.Tags.Add(new Tag { Label = "hot" }), async db => (await db.Orders.SelectMany(order => order.Tags).CountAsync()).ShouldBe(2));

    [Fact]
    [Trait("Case", "C157")]
    public async Task A_changed_owned_value_is_saved_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.ShipTo!.City = "Paris", async db => (await db.Orders.SingleAsync()).ShipTo!.City.ShouldBe("Paris"));

    [Fact]
    [Trait("Case", "C157")]
    public async Task A_replaced_owned_value_is_saved_by_whoever_detects_it_after_a_command() =>
        await SavedAsync(order => order.ShipTo = new() { City = "Paris" }, async db => (await db.Orders.SingleAsync()).ShipTo!.City.ShouldBe("Paris"));

    [Fact]
    [Trait("Case", "C132")]
    public async Task A_command_reads_the_primarys_row_where_nobody_changed_what_a_query_tracked()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            var tracked = await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync()));
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                var order = await handling.Db.Orders.SingleAsync();
                order.ShouldBeSameAs(tracked);
                order.Name.ShouldBe(DatabasePair.Current);
            }));
            scope.Db.ChangeTracker.AutoDetectChangesEnabled.ShouldBeFalse();
        });
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task Nothing_is_detected_on_the_applications_behalf()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync())))!;
            order.Name = "changed";
            await scope.Sender.Send(new WriteNothingBack(async handling => (await handling.Db.SaveChangesAsync()).ShouldBe(0)));
        });

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
    }

    private async Task SavedAsync(Action<Order> change, Func<ShopContext, Task> check)
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            var order = (Order)(await scope.Sender.Send(new Read(async handling =>
                await handling.Db.Orders.Include(order => order.Lines).Include(order => order.Tags).Include(order => order.Customer).SingleAsync())))!;
            change(order);
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Notes.ExecuteDeleteAsync()));
            scope.Db.ChangeTracker.DetectChanges();
            (await scope.Db.SaveChangesAsync()).ShouldBeGreaterThan(0);
        });

        await using var primary = Pair.Direct(Server.Primary);
        await check(primary);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ManualDetectionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ManualDetectionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
