namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: <c>ExecuteUpdate</c> and <c>ExecuteDelete</c>, which SaveChanges interceptors do not see.</summary>
public abstract class BulkTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    [Trait("Case", "C059")]
    public async Task A_bulk_update_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling => await handling.Db.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, "changed")));
        await RefusedAsync(app, async handling =>
        {
            await Task.Yield();
            handling.Db.Orders.ExecuteUpdate(set => set.SetProperty(order => order.Name, "changed"));
        });
    }

    [Fact]
    [Trait("Case", "C060")]
    public async Task A_bulk_delete_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling => await handling.Db.Notes.ExecuteDeleteAsync());
        await RefusedAsync(app, async handling =>
        {
            await Task.Yield();
            handling.Db.Notes.ExecuteDelete();
        });
    }

    [Fact]
    [Trait("Case", "C071")]
    public async Task A_bulk_write_that_matches_no_row_is_refused_all_the_same()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
            await handling.Db.Orders.Where(order => order.Id < 0).ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, "changed")));
        await RefusedAsync(app, async handling => await handling.Db.Orders.Where(order => order.Id < 0).ExecuteDeleteAsync());
    }

    [Fact]
    [Trait("Case", "C061")]
    public async Task A_polymorphic_child_of_an_entity_from_the_replica_is_not_updated_by_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            var order = await handling.Db.Orders.AsNoTracking().SingleAsync();
            app.Log.Clear();
            await NotesOf(handling.Db, order).ExecuteUpdateAsync(set => set.SetProperty(note => note.Text, "changed"));
        });
    }

    [Fact]
    [Trait("Case", "C061")]
    public async Task A_polymorphic_child_of_an_entity_from_the_replica_is_updated_on_the_primary_by_a_command()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync())))!;
            app.Log.Counts.ShouldBe((0, 1));
            app.Log.Clear();
            await scope.Sender.Send(new Write(async handling =>
                await NotesOf(handling.Db, order).ExecuteUpdateAsync(set => set.SetProperty(note => note.Text, "changed"))));
        });

        app.Log.Counts.ShouldBe((1, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Notes.SingleAsync()).Text.ShouldBe("changed");
        await using var replica = Pair.Direct(Server.Replica);
        (await replica.Notes.SingleAsync()).Text.ShouldBe("first");
    }

    [Fact]
    [Trait("Case", "C059")]
    [Trait("Case", "C060")]
    public async Task Bulk_writes_of_a_command_run_on_the_primary_only()
    {
        await using var app = Start();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            (await handling.Db.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, "changed"))).ShouldBe(1);
            (await handling.Db.Notes.ExecuteDeleteAsync()).ShouldBe(1);
        }));

        app.Log.Counts.ShouldBe((2, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).Name.ShouldBe("changed");
        (await primary.Notes.CountAsync()).ShouldBe(0);
    }

    private static IQueryable<Note> NotesOf(ShopContext db, Order order) =>
        db.Set<Note>().Where(note => note.ParentType == nameof(Order) && note.ParentId == order.Id);

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : BulkTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : BulkTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : BulkTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
