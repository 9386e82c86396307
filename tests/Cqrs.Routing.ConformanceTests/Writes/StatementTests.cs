namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C2: the guard's classification of statement texts, verified on real servers.</summary>
public abstract class StatementTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    [Trait("Case", "C093")]
    public async Task A_write_behind_many_comments_is_refused_at_once()
    {
        await using var app = Start();
        var sql = string.Concat(Enumerable.Repeat("-- comment\n", 50)) + """DELETE FROM "Notes" """;
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await app.SendAsync(new Read(async handling => await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.ExecuteSqlRawAsync(sql))));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        app.Log.Counts.ShouldBe((0, 0));
    }

    protected async Task ShouldRefuseAsync(string sql)
    {
        await using var app = Start();
        await RefusedAsync(app, async handling => await handling.Db.Database.ExecuteSqlRawAsync(sql));
    }

    protected async Task ShouldAllowAsync(string sql)
    {
        await using var app = Start();
        await app.SendAsync(new Read(async handling => await handling.Db.Database.ExecuteSqlRawAsync(sql)));
        app.Log.Counts.ShouldBe((0, 1));
        await NothingWrittenAsync();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : StatementTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        [Theory]
        [Trait("Case", "C098")]
        [Trait("Case", "C115")]
        [InlineData("""REPLACE INTO "Tags" ("Id", "Label") VALUES (1, 'x')""")]
        [InlineData("""INSERT OR REPLACE INTO "Tags" ("Id", "Label") VALUES (1, 'x')""")]
        [InlineData("""WITH x AS (SELECT 7 AS i) INSERT INTO "Tags" ("Id", "Label") SELECT i, 'x' FROM x""")]
        [InlineData("PRAGMA user_version = 1")]
        [InlineData("PRAGMA journal_mode = DELETE")]
        [InlineData("PRAGMA query_only = OFF")]
        [InlineData("ATTACH DATABASE ':memory:' AS other")]
        [InlineData("VACUUM")]
        [InlineData("REINDEX")]
        public Task A_write_is_refused(string sql) => ShouldRefuseAsync(sql);

        [Theory]
        [Trait("Case", "C114")]
        [Trait("Case", "C130")]
        [InlineData("""PRAGMA table_info("Orders")""")]
        [InlineData("""EXPLAIN QUERY PLAN SELECT * FROM "Orders" """)]
        [InlineData("""WITH x AS (SELECT 1 AS "update") SELECT "update" AS "delete" FROM x""")]
        [InlineData("""/* DELETE */ SELECT 'INSERT; DROP TABLE t' -- UPDATE""")]
        [InlineData("""VALUES (1)""")]
        public Task A_read_is_allowed(string sql) => ShouldAllowAsync(sql);
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : StatementTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Theory]
        [Trait("Case", "C087")]
        [Trait("Case", "C096")]
        [Trait("Case", "C097")]
        [Trait("Case", "C099")]
        [Trait("Case", "C102")]
        [Trait("Case", "C105")]
        [Trait("Case", "C106")]
        [InlineData("""WITH x AS (INSERT INTO "Tags" ("Label") VALUES ('x') RETURNING *) SELECT * FROM x""")]
        [InlineData("""WITH x AS (DELETE FROM "Notes" RETURNING *) SELECT * FROM x""")]
        [InlineData("""UPDATE "Orders" SET "Name" = 'x' WHERE false""")]
        [InlineData("""DELETE FROM "Orders" WHERE false""")]
        [InlineData("""MERGE INTO "Tags" t USING "Tags" s ON t."Id" = s."Id" WHEN MATCHED THEN DELETE""")]
        [InlineData("""SELECT 1; DELETE FROM "Notes" """)]
        [InlineData("""SELECT * INTO copied FROM "Orders" """)]
        [InlineData("""SELECT nextval(pg_get_serial_sequence('"Tags"', 'Id'))""")]
        [InlineData("""SELECT setval(pg_get_serial_sequence('"Tags"', 'Id'), 4711)""")]
        [InlineData("""TRUNCATE "Notes" """)]
        [InlineData("""DO $$ BEGIN DELETE FROM "Notes"; END $$""")]
        [InlineData("""EXPLAIN ANALYZE DELETE FROM "Notes" """)]
        [InlineData("""CREATE INDEX extra ON "Notes" ("Text")""")]
        public Task A_write_is_refused(string sql) => ShouldRefuseAsync(sql);

        [Theory]
        [Trait("Case", "C117")]
        [Trait("Case", "C120")]
        [Trait("Case", "C121")]
        [Trait("Case", "C122")]
        [Trait("Case", "C167")]
        [Trait("Case", "C170")]
        [InlineData("SET TRANSACTION READ WRITE")]
        [InlineData("SET default_transaction_read_only = off")]
        [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")]
        [InlineData("""PREPARE p AS INSERT INTO "Tags" ("Label") VALUES ('x')""")]
        [InlineData("""LOCK TABLE "Orders" IN ACCESS SHARE MODE""")]
        [InlineData("""LOCK TABLE "Orders" IN ACCESS EXCLUSIVE MODE""")]
        [InlineData("""SELECT * FROM "Orders" FOR UPDATE""")]
        [InlineData("""SELECT * FROM "Orders" FOR NO KEY UPDATE SKIP LOCKED""")]
        [InlineData("""SELECT * FROM "Orders" FOR SHARE""")]
        [InlineData("SELECT pg_advisory_lock(1)")]
        public Task A_lock_or_a_way_out_of_read_only_is_refused(string sql) => ShouldRefuseAsync(sql);

        [Theory]
        [Trait("Case", "C114")]
        [Trait("Case", "C116")]
        [Trait("Case", "C118")]
        [Trait("Case", "C130")]
        [InlineData("SHOW server_version")]
        [InlineData("SET work_mem = '8MB'")]
        [InlineData("RESET work_mem")]
        [InlineData("BEGIN; SET LOCAL work_mem = '8MB'; COMMIT")]
        [InlineData("""BEGIN; DECLARE c CURSOR FOR SELECT * FROM "Orders"; FETCH ALL FROM c; CLOSE c; COMMIT""")]
        [InlineData("""SELECT 'DELETE FROM t' AS "delete", 1 AS "set" """)]
        [InlineData("""/* INSERT /* nested */ */ SELECT $$ UPDATE $$""")]
        public Task A_read_is_allowed(string sql) => ShouldAllowAsync(sql);
    }
}
