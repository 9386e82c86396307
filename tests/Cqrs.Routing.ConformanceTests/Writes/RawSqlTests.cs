namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: SQL text that goes through EF.</summary>
public abstract class RawSqlTests(DatabasePair pair) : WriteTest(pair)
{
    [Theory]
    [Trait("Case", "C064")]
    [InlineData("""INSERT INTO "Tags" ("Id", "Label") VALUES (7, 'new')""")]
    [InlineData("""UPDATE "Orders" SET "Name" = 'changed'""")]
    [InlineData("""DELETE FROM "Notes" """)]
    [InlineData("""-- harmless, it says""" + "\n" + """DELETE FROM "Notes" """)]
    [InlineData("""CREATE TABLE "Extra" ("Id" INTEGER)""")]
    [InlineData("""DROP TABLE "Notes" """)]
    [InlineData("""ALTER TABLE "Notes" ADD COLUMN "Extra" INTEGER""")]
    [InlineData("""SELECT 1; DELETE FROM "Notes" """)]
    public async Task A_statement_that_is_no_read_is_refused_in_a_query(string sql)
    {
        await using var app = Start();

        await RefusedAsync(app, async handling => await handling.Db.Database.ExecuteSqlRawAsync(sql));
        await RefusedAsync(app, async handling =>
        {
            await Task.Yield();
            handling.Db.Database.ExecuteSqlRaw(sql);
        });
    }

    [Fact]
    [Trait("Case", "C064")]
    public async Task An_interpolated_statement_is_refused_in_a_query()
    {
        await using var app = Start();
        var name = "changed";

        await RefusedAsync(app, async handling => await handling.Db.Database.ExecuteSqlAsync($"""UPDATE "Orders" SET "Name" = {name}"""));
        await RefusedAsync(app, async handling => await handling.Db.Database.ExecuteSqlInterpolatedAsync($"""UPDATE "Orders" SET "Name" = {name}"""));
    }

    [Fact]
    [Trait("Case", "C065")]
    public async Task An_entity_query_over_an_update_with_returning_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
            await handling.Db.Tags.FromSqlRaw("""UPDATE "Tags" SET "Label" = 'changed' RETURNING *""").AsNoTracking().ToListAsync());
        await RefusedAsync(app, async handling =>
        {
            await foreach (var tag in handling.Db.Tags.FromSql($"""DELETE FROM "Tags" RETURNING *""").AsNoTracking().AsAsyncEnumerable())
                tag.ShouldBeNull();
        });
        await RefusedAsync(
            app, async handling => await handling.Db.Tags.FromSqlRaw("""UPDATE "Tags" SET "Label" = 'changed' RETURNING *""").ToListAsync(), tracks: true);
    }

    [Fact]
    [Trait("Case", "C066")]
    public async Task A_scalar_query_over_a_delete_with_returning_is_refused_in_a_query()
    {
        await using var app = Start();

        await RefusedAsync(app, async handling =>
            await handling.Db.Database.SqlQueryRaw<int>("""DELETE FROM "Notes" RETURNING "Id" """).ToListAsync());
        await RefusedAsync(app, async handling =>
        {
            await Task.Yield();
            handling.Db.Database.SqlQueryRaw<int>("""DELETE FROM "Notes" RETURNING "Id" """).AsEnumerable().ToList();
        });
    }

    [Fact]
    [Trait("Case", "C065")]
    [Trait("Case", "C066")]
    public async Task Statements_with_returning_run_on_the_primary_in_a_command()
    {
        await using var app = Start();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            var tags = await handling.Db.Tags.FromSqlRaw("""UPDATE "Tags" SET "Label" = 'changed' RETURNING *""").ToListAsync();
            tags.Single().Label.ShouldBe("changed");
            (await handling.Db.Database.SqlQueryRaw<int>("""DELETE FROM "Notes" RETURNING "Id" """).ToListAsync()).ShouldBe([1]);
        }));

        app.Log.Counts.ShouldBe((2, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Notes.CountAsync()).ShouldBe(0);
    }

    [Fact]
    [Trait("Case", "C064")]
    [Trait("Case", "C130")]
    public async Task Reads_in_SQL_run_on_the_replica_whatever_words_they_quote()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            var names = await handling.Db.Database.SqlQueryRaw<string>("""SELECT "Name" AS "Value" FROM "Orders" """).ToListAsync();
            names.ShouldBe([DatabasePair.Replicated]);
            var quoted = await handling.Db.Database.SqlQueryRaw<string>("""SELECT 'DELETE FROM t' AS "Value" """).ToListAsync();
            quoted.ShouldBe(["DELETE FROM t"]);
            (await handling.Db.Orders.FromSqlRaw("""SELECT * FROM "Orders" -- update later""").CountAsync()).ShouldBe(1);
        }));

        app.Log.Counts.ShouldBe((0, 3));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RawSqlTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RawSqlTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
