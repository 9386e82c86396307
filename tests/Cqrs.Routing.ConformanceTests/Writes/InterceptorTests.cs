namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: the application's interceptors run after the guard and cannot bypass it.</summary>
public abstract class InterceptorTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    [Trait("Case", "C056")]
    public async Task A_row_that_an_audit_interceptor_adds_is_refused_in_a_query()
    {
        await using var app = Start(options => options.ConfigureContext = (builder, pair) =>
            builder.UseReplica(pair.Replica).AddInterceptors(new AuditInterceptor()));

        await RefusedAsync(app, async handling => await handling.Db.SaveChangesAsync());
        await RefusedAsync(app, async handling =>
        {
            await Task.Yield();
            handling.Db.SaveChanges();
        });
    }

    [Fact]
    [Trait("Case", "C056")]
    public async Task A_row_that_an_audit_interceptor_adds_is_saved_by_a_command()
    {
        await using var app = Start(options => options.ConfigureContext = (builder, pair) =>
            builder.UseReplica(pair.Replica).AddInterceptors(new AuditInterceptor()));

        await app.SendAsync(new WriteNothingBack(async handling => await handling.Db.SaveChangesAsync()));

        app.Log.Counts.ShouldBe((1, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Notes.CountAsync(note => note.ParentType == "Audit")).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C056")]
    public async Task A_save_that_is_refused_is_not_announced_to_the_applications_interceptors()
    {
        var audit = new CountingInterceptor();
        await using var app = Start(options => options.ConfigureContext = (builder, pair) => builder.UseReplica(pair.Replica).AddInterceptors(audit));

        await RefusedAsync(app, async handling =>
        {
            handling.Db.Add(new Order { Name = "new" });
            await handling.Db.SaveChangesAsync();
        });

        audit.Saves.ShouldBe(0);
    }

    [Theory]
    [Trait("Case", "C167")]
    [InlineData("""DELETE FROM "Notes" RETURNING "Id" """)]
    [InlineData("""UPDATE "Orders" SET "Name" = 'changed' RETURNING "Id" """)]
    public async Task A_read_that_an_interceptor_turns_into_a_write_is_refused_in_a_query(string sql)
    {
        await using var app = Start(options => options.ConfigureContext = (builder, pair) =>
            builder.UseReplica(pair.Replica).AddInterceptors(new RewritingInterceptor(_ => sql)));

        await NeitherServerGetsItAsync(app);
    }

    // The log is called before the rewriting, so it sees a read; that the database was not asked shows in what it did not do or say.
    protected async Task NeitherServerGetsItAsync(RoutedApp app)
    {
        foreach (var query in new MediatR.IRequest<object?>[] { new Read(CountAsync), new ReadFromPrimaryQuery(CountAsync) })
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(query));
            refusal.InnerException.ShouldBeNull("the guard refuses, not the database");
        }

        await NothingWrittenAsync();
    }

    private static async Task<object?> CountAsync(Handling handling) => await handling.Db.Orders.CountAsync();

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : InterceptorTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : InterceptorTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Theory]
        [Trait("Case", "C167")]
        [InlineData("FOR UPDATE")]
        [InlineData("FOR NO KEY UPDATE SKIP LOCKED")]
        [InlineData("FOR SHARE")]
        public async Task A_lock_that_an_interceptor_appends_is_refused_in_a_query(string clause)
        {
            await using var app = Start(options => options.ConfigureContext = (builder, pair) =>
                builder.UseReplica(pair.Replica).AddInterceptors(new RewritingInterceptor(_ => $"""SELECT "Id" FROM "Orders" {clause}""")));

            await NeitherServerGetsItAsync(app);
        }
    }
}
