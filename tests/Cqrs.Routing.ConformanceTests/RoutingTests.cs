namespace Cqrs.Routing.ConformanceTests;

/// <summary>Group A: which request goes where.</summary>
public abstract class RoutingTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C001")]
    public async Task A_query_outside_any_transaction_reads_on_the_replica_only()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Read(async handling => (await handling.Db.Orders.SingleAsync()).Name));

        name.ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C026")]
    public async Task A_query_inside_a_commands_transaction_sees_its_uncommitted_rows_on_the_primary()
    {
        await using var app = Start();

        var count = await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            handling.Db.Add(new Order { Name = "uncommitted" });
            await handling.Db.SaveChangesAsync();
            app.Log.Clear();
            return await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));

        count.ShouldBe(2);
        app.Log.Counts.ShouldBe((1, 0));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RoutingTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RoutingTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
