using Cqrs.Routing.ConformanceTests.Mappings;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: writes of complex and JSON values, and several contexts in one query.</summary>
public abstract class ComplexValueGuardTests(DatabasePair pair) : MappingTest(pair)
{
    [Fact]
    [Trait("Case", "C074")]
    public async Task A_changed_JSON_value_is_refused_in_a_query()
    {
        await using var app = await StartMappingsAsync();

        await RefusedAsync<MappingContext>(app, async handling =>
        {
            var keeper = await MappingsOf(handling).Keepers.SingleAsync();
            app.Log.Clear();
            keeper.Contact!.Phone = "2";
            await MappingsOf(handling).SaveChangesAsync();
        }, tracks: true);

        (await KeeperAsync()).Contact!.Phone.ShouldBe("1");
    }

    [Fact]
    [Trait("Case", "C074")]
    public async Task A_changed_complex_value_is_refused_in_a_query()
    {
        await using var app = await StartMappingsAsync();

        await RefusedAsync<MappingContext>(app, async handling =>
        {
            var keeper = await MappingsOf(handling).Keepers.SingleAsync();
            app.Log.Clear();
            keeper.Badge.Color = "blue";
            await MappingsOf(handling).SaveChangesAsync();
        }, tracks: true);

        (await KeeperAsync()).Badge.Color.ShouldBe("red");
    }

    [Fact]
    [Trait("Case", "C083")]
    public async Task Every_routed_context_of_a_query_refuses_to_write()
    {
        await using var app = await StartMappingsAsync();

        await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Add(new Tag { Label = "new" });
            MappingsOf(handling).Add(new Keeper { Name = "new", Badge = new() { Color = "red" } });
            (await Should.ThrowAsync<QueryWriteException>(() => handling.Db.SaveChangesAsync())).ContextType.ShouldBe(typeof(ShopContext));
            (await Should.ThrowAsync<QueryWriteException>(() => MappingsOf(handling).SaveChangesAsync())).ContextType.ShouldBe(typeof(MappingContext));
        }));

        app.Log.Counts.ShouldBe((0, 0));
        await NothingWrittenAsync();
        (await KeeperAsync()).Name.ShouldBe(DatabasePair.Current);
    }

    [Fact]
    [Trait("Case", "C083")]
    public async Task Every_routed_context_of_a_query_reads_the_replica_and_of_a_command_writes_the_primary()
    {
        await using var app = await StartMappingsAsync();

        await app.SendAsync(new Read(async handling =>
        {
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
            (await MappingsOf(handling).Keepers.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
        }));
        app.Log.Counts.ShouldBe((0, 2));
        app.Log.Clear();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            (await handling.Db.Orders.SingleAsync()).Name = "changed";
            (await MappingsOf(handling).Keepers.SingleAsync()).Contact!.Phone = "2";
            await handling.Db.SaveChangesAsync();
            await MappingsOf(handling).SaveChangesAsync();
        }));
        app.Log.Counts.ShouldBe((4, 0));
        (await KeeperAsync()).Contact!.Phone.ShouldBe("2");
    }

    private async Task<Keeper> KeeperAsync()
    {
        await using var db = Direct(Server.Primary);
        return await db.Keepers.SingleAsync();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ComplexValueGuardTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ComplexValueGuardTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
