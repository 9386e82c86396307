namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>The guard accepts calls that an application declared as reads. The replica still refuses their writes.</summary>
public abstract class DeclaredReadGuardTests(DatabasePair pair) : WriteTest(pair)
{
    private const string Delete = """DELETE FROM "Tags" RETURNING *""";

    [Fact]
    [Trait("Case", "C064")]
    public async Task A_tagged_text_that_reads_runs_on_the_replica()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            (await handling.Db.Database.SqlQueryRaw<int>("""SELECT 1 AS "Value" """).TagAsRead().TagWith("more").ToListAsync()).ShouldBe([1]);
            await handling.Db.Database.ExecuteSqlRawAsync($"/* {DeclaredReadQueryableExtensions.ReadTag} */ SELECT 1");
        }));

        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    [Trait("Case", "C076")]
    public async Task A_tagged_text_that_writes_is_refused_by_the_replica()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Tags.FromSqlRaw(Delete).TagAsRead().AsNoTracking().ToListAsync());
            refusal.InnerException.ShouldNotBeNull("the database refused, not the guard");
        }));

        app.Log.OnPrimary.ShouldBeEmpty();
        await NothingWrittenAsync();
    }

    /// <summary>The price of a declaration that is wrong, as documented.</summary>
    [Fact]
    [Trait("Case", "C064")]
    public async Task A_tagged_text_that_writes_does_so_on_the_primary()
    {
        await using var app = Start();

        await app.SendAsync(new ReadFromPrimaryQuery(async handling =>
            (await handling.Db.Tags.FromSqlRaw(Delete).TagAsRead().AsNoTracking().ToListAsync()).Count.ShouldBe(1)));

        app.Log.Counts.ShouldBe((1, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Tags.CountAsync()).ShouldBe(0);
    }

    [Fact]
    [Trait("Case", "C064")]
    public async Task A_tag_that_is_not_the_first_or_that_a_user_entered_declares_nothing()
    {
        await using var app = Start();

        await RefusedAsync(app, handling => handling.Db.Tags.FromSqlRaw(Delete).TagWith("page\n" + DeclaredReadQueryableExtensions.ReadTag).AsNoTracking().ToListAsync());
        await RefusedAsync(app, handling => handling.Db.Database.ExecuteSqlAsync($"""DELETE FROM "Tags" WHERE "Label" = {"-- " + DeclaredReadQueryableExtensions.ReadTag + "\n"}"""));
        await RefusedAsync(app, handling => handling.Db.Database.ExecuteSqlRawAsync($"""DELETE FROM "Tags" WHERE "Label" = '/* {DeclaredReadQueryableExtensions.ReadTag} */'"""));
    }

    [Fact]
    [Trait("Case", "C064")]
    public async Task A_tag_lets_no_bulk_change_through()
    {
        await using var app = Start();

        await RefusedAsync(app, handling => handling.Db.Tags.TagAsRead().ExecuteDeleteAsync());
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : DeclaredReadGuardTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : DeclaredReadGuardTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Fact]
        [Trait("Case", "C064")]
        public async Task A_declared_procedure_runs_on_the_replica_and_only_in_contexts_that_declare_it()
        {
            await CreateProceduresAsync();
            await using var declares = Start(options => options.ConfigureContext = (builder, pair) => builder.UseReplica(pair.Replica, replica => replica.Reads("report")));
            await using var doesNot = Start();
            const string Call = "CALL report()";

            await declares.SendAsync(new Read(async handling => await handling.Db.Database.ExecuteSqlRawAsync(Call)));
            declares.Log.Counts.ShouldBe((0, 1));
            // The same string, whose verdict is remembered, through the same internal services.
            await RefusedByGuardAsync(doesNot, Call);
            doesNot.Log.Counts.ShouldBe((0, 0));
            await RefusedByGuardAsync(declares, "CALL change()");
            declares.Log.Counts.ShouldBe((0, 1));

            static Task RefusedByGuardAsync(RoutedApp app, string sql) => app.SendAsync(new Read(async handling =>
                (await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.ExecuteSqlRawAsync(sql))).InnerException.ShouldBeNull()));
        }

        [Fact]
        [Trait("Case", "C076")]
        public async Task A_declared_procedure_that_writes_is_refused_by_the_replica()
        {
            await CreateProceduresAsync();
            await using var app = Start(options => options.ConfigureContext = (builder, pair) => builder.UseReplica(pair.Replica, replica => replica.Reads("report", "change")));

            await app.SendAsync(new Read(async handling =>
                (await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.ExecuteSqlRawAsync("CALL change()"))).InnerException.ShouldNotBeNull()));

            app.Log.OnPrimary.ShouldBeEmpty();
            await using var primary = Pair.Direct(Server.Primary);
            (await primary.Tags.CountAsync()).ShouldBe(1);
        }

        [Fact]
        [Trait("Case", "C064")]
        public async Task A_declared_procedure_runs_on_a_mirror()
        {
            await CreateProceduresAsync();
            await using var app = Start(options => options.ConfigureContext = (builder, _) => builder.UseReplicaMirror(replica => replica.Reads("report")));

            await app.SendAsync(new Read(async handling => await handling.Db.Database.ExecuteSqlRawAsync("CALL report()")));
        }

        private async Task CreateProceduresAsync()
        {
            await using var primary = Pair.Direct(Server.Primary);
            await primary.Database.ExecuteSqlRawAsync(
                """
                CREATE OR REPLACE PROCEDURE report() LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM "Orders"; END $$;
                CREATE OR REPLACE PROCEDURE change() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM "Tags"; END $$
                """);
            await Pair.ReplicateAsync();
        }
    }
}
