namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: the guard refuses SaveChanges in a query before anything is sent.</summary>
public abstract class SaveChangesTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    [Trait("Case", "C056")]
    public async Task An_insert_with_a_generated_key_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            handling.Db.Add(new Order { Name = "new" });
            await handling.Db.SaveChangesAsync();
        });
    }

    [Fact]
    [Trait("Case", "C056")]
    public async Task An_insert_with_a_given_key_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            handling.Db.Add(new Tag { Id = 7, Label = "new" });
            await handling.Db.SaveChangesAsync();
        });
    }

    [Fact]
    [Trait("Case", "C057")]
    public async Task An_update_of_a_tracked_entity_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            var order = await handling.Db.Orders.SingleAsync();
            app.Log.Clear();
            order.Name = "changed";
            await handling.Db.SaveChangesAsync();
        }, tracks: true);
    }

    [Fact]
    [Trait("Case", "C058")]
    public async Task Removing_an_entity_that_was_loaded_from_the_replica_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            var order = await handling.Db.Orders.AsNoTracking().SingleAsync();
            app.Log.Clear();
            handling.Db.Remove(order);
            await handling.Db.SaveChangesAsync();
        });
    }

    [Fact]
    [Trait("Case", "C058")]
    public async Task Removing_a_row_that_was_never_loaded_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            handling.Db.Remove(new Note { Id = 1, ParentType = "", Text = "" });
            await handling.Db.SaveChangesAsync();
        });
    }

    [Fact]
    [Trait("Case", "C071")]
    public async Task Saving_an_entity_that_no_row_matches_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            handling.Db.Update(new Tag { Id = 4711, Label = "nowhere" });
            await handling.Db.SaveChangesAsync();
        });
    }

    [Fact]
    [Trait("Case", "C074")]
    public async Task A_changed_owned_value_is_refused_in_a_query_like_its_owner()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            var order = await handling.Db.Orders.SingleAsync();
            app.Log.Clear();
            order.ShipTo!.City = "Paris";
            await handling.Db.SaveChangesAsync();
        }, tracks: true);
    }

    [Fact]
    [Trait("Case", "C056")]
    public async Task A_join_row_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            var order = await handling.Db.Orders.Include(order => order.Tags).SingleAsync();
            app.Log.Clear();
            order.Tags.Clear();
            await handling.Db.SaveChangesAsync();
        }, tracks: true);
    }

    [Fact]
    [Trait("Case", "C056")]
    public async Task Synchronous_saving_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            await Task.Yield();
            handling.Db.Add(new Order { Name = "new" });
            handling.Db.SaveChanges();
        });
    }

    [Fact]
    [Trait("Case", "C077")]
    public async Task A_query_may_save_when_nothing_changed()
    {
        await using var app = Start();

        var saved = await app.SendAsync(new Read(async handling =>
        {
            (await handling.Db.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
            return handling.Db.SaveChanges() + await handling.Db.SaveChangesAsync();
        }));

        saved.ShouldBe(0);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C077")]
    public async Task What_a_query_was_refused_is_not_saved_by_the_next_command_of_its_scope()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
            {
                handling.Db.Add(new Order { Name = "new" });
                var refusal = await Should.ThrowAsync<QueryWriteException>(() => handling.Db.SaveChangesAsync());
                refusal.Message.ShouldContain("no longer tracked");
            }));
            app.Log.Counts.ShouldBe((0, 0));
            await scope.Sender.Send(new Write(async handling => await handling.Db.SaveChangesAsync()));
        });

        app.Log.Counts.ShouldBe((0, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.Select(order => order.Name).ToListAsync()).ShouldBe([DatabasePair.Current]);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : SaveChangesTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : SaveChangesTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : SaveChangesTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
