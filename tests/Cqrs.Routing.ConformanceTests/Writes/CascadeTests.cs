namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: cascading deletes of a command run on the primary only.</summary>
public abstract class CascadeTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    [Trait("Case", "C073")]
    public async Task Tracked_children_and_join_rows_are_deleted_on_the_primary_only()
    {
        await using var app = Start();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            var order = await handling.Db.Orders.Include(order => order.Lines).Include(order => order.Tags).SingleAsync();
            handling.Db.Remove(order);
            (await handling.Db.SaveChangesAsync()).ShouldBeGreaterThanOrEqualTo(4);
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        await GoneOnPrimaryOnlyAsync();
    }

    [Fact]
    [Trait("Case", "C073")]
    public async Task Children_that_only_the_database_knows_are_deleted_on_the_primary_only()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync())))!;
            app.Log.Clear();
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                handling.Db.Remove(order);
                await handling.Db.SaveChangesAsync();
            }));
        });

        app.Log.Counts.ShouldBe((1, 0));
        await GoneOnPrimaryOnlyAsync();
    }

    [Fact]
    [Trait("Case", "C073")]
    public async Task A_cascade_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
        {
            var order = await handling.Db.Orders.Include(order => order.Lines).Include(order => order.Tags).SingleAsync();
            app.Log.Clear();
            handling.Db.Remove(order);
            await handling.Db.SaveChangesAsync();
        }, tracks: true);
    }

    private async Task GoneOnPrimaryOnlyAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.CountAsync() + await primary.Lines.CountAsync()).ShouldBe(0);
        (await primary.Tags.Include(tag => tag.Orders).SingleAsync()).Orders.ShouldBeEmpty();
        await using var replica = Pair.Direct(Server.Replica);
        (await replica.Lines.CountAsync()).ShouldBe(2);
        (await replica.Tags.Include(tag => tag.Orders).SingleAsync()).Orders.Count.ShouldBe(1);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : CascadeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : CascadeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
