namespace Cqrs.Routing.ConformanceTests.KnownProblems;

/// <summary>Group E: row and advisory locks work on the primary only. SQLite has no locking clauses.</summary>
[Collection(PostgresCollection.Name)]
public sealed class LockTests(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Theory]
    [Trait("Case", "C167")]
    [InlineData("""SELECT * FROM "Orders" o FOR UPDATE""")]
    [InlineData("""SELECT * FROM "Orders" o FOR NO KEY UPDATE""")]
    [InlineData("""SELECT * FROM "Orders" o FOR SHARE""")]
    [InlineData("""SELECT * FROM "Orders" o for key share""")]
    [InlineData("""SELECT * FROM "Orders" o FOR UPDATE SKIP LOCKED""")]
    [InlineData("""SELECT * FROM "Orders" o FOR /* a comment */ UPDATE OF o NOWAIT""")]
    public async Task Rows_are_not_locked_by_a_query(string sql)
    {
        await using var app = Start();

        var refusal = await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling =>
            await handling.Db.Orders.FromSqlRaw(sql).AsNoTracking().ToListAsync())));

        refusal.Message.ShouldContain("FOR ");
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C167")]
    public async Task Rows_are_locked_by_a_command_on_the_primary()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            return (await handling.Db.Orders.FromSqlRaw("""SELECT * FROM "Orders" FOR UPDATE""").SingleAsync()).Name;
        }));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Theory]
    [Trait("Case", "C170")]
    [InlineData("SELECT pg_advisory_lock(1)")]
    [InlineData("SELECT pg_try_advisory_xact_lock(1, 2)")]
    [InlineData("SELECT pg_catalog.pg_advisory_xact_lock_shared(1)")]
    public async Task A_query_takes_no_advisory_lock_because_on_a_replica_it_would_keep_nobody_out(string sql)
    {
        await using var app = Start();

        var refusal = await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling =>
            await handling.Db.Database.ExecuteSqlRawAsync(sql))));

        refusal.Message.ShouldContain("advisory");
        app.Log.Counts.ShouldBe((0, 0));
    }
}
