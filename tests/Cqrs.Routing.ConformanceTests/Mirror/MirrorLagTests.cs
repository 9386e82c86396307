namespace Cqrs.Routing.ConformanceTests.Mirror;

/// <summary>Group J: simulated lag, and applications without a replica.</summary>
public abstract class MirrorLagTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C218")]
    public async Task The_replica_is_stale_until_it_replicates()
    {
        await using var app = Start();
        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            (await handling.Db.Orders.SingleAsync()).Name = "newest";
            await handling.Db.SaveChangesAsync();
        }));
        app.Log.Clear();

        (await NameAsync(app)).ShouldBe(DatabasePair.Replicated);
        await Pair.ReplicateAsync();
        (await NameAsync(app)).ShouldBe("newest");

        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    [Trait("Case", "C222")]
    public async Task A_query_of_a_context_without_a_replica_reads_the_primary_and_cannot_write()
    {
        await using var app = Start(options => options.ConfigureContext = static (builder, _) => builder.UseReplica((string?)null));

        (await NameAsync(app)).ShouldBe(DatabasePair.Current);
        await app.SendAsync(new Read(async handling => await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync())));

        app.Log.Counts.ShouldBe((1, 0));
        app.Routes.GetRecords<Read>().ShouldContain(record => record.Context != null && record.Reason == RouteReason.NoReplica && record.Route == DatabaseRole.Primary);
    }

    private static Task<object?> NameAsync(RoutedApp app) =>
        app.SendAsync(new Read(async handling => await handling.Db.Orders.Select(order => order.Name).SingleAsync()));

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : MirrorLagTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : MirrorLagTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
