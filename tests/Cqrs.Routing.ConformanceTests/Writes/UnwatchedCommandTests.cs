using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C without interceptors of the application: the guard does not watch commands known to read. Other tests have a log interceptor.</summary>
public abstract class UnwatchedCommandTests(DatabasePair pair) : WriteTest(pair)
{
    [Fact]
    public async Task A_statement_that_is_not_known_to_read_is_refused()
    {
        await using var app = StartUnwatched();

        await app.SendAsync(new Read(async handling =>
        {
            await RefusedAsync(() => handling.Db.Tags.FromSqlRaw("""DELETE FROM "Tags" RETURNING * """).AsNoTracking().ToListAsync());
            await RefusedAsync(() => handling.Db.Orders.ExecuteDeleteAsync());
            await RefusedAsync(() => handling.Db.Database.ExecuteSqlRawAsync("""DELETE FROM "Orders" """));
            await RefusedAsync(() => handling.Db.Database.SqlQueryRaw<int>("""DELETE FROM "Orders" RETURNING "Id" AS "Value" """).ToListAsync());
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
        }));

        await NothingWrittenAsync();

        static async Task RefusedAsync(Func<Task> write) => (await Should.ThrowAsync<QueryWriteException>(write)).InnerException.ShouldBeNull();
    }

    protected RoutedApp StartUnwatched(bool retry = false) => Start(options => options.AddContexts = (services, _) =>
        services.AddDbContextPool<ShopContext>(builder => Pair.Use(builder, Pair.Primary, retry).UseReplica(Pair.Replica)));

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : UnwatchedCommandTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : UnwatchedCommandTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public async Task A_view_that_writes_is_reported_as_a_refused_write(bool retry)
        {
            await CreateViewAsync();
            await using var app = StartUnwatched(retry);

            await app.SendAsync(new Read(async handling =>
            {
                Reported(await Should.ThrowAsync<QueryWriteException>(() => ViewOf(handling).ToListAsync()));
                Reported(Should.Throw<QueryWriteException>(() => ViewOf(handling).ToList()));
                await handling.Db.Database.OpenConnectionAsync();
                Reported(await Should.ThrowAsync<QueryWriteException>(() => ViewOf(handling).ToListAsync()));
            }));

            app.Routes.Refusals.Count.ShouldBe(3, "once each");
        }

        [Fact]
        public async Task A_view_that_writes_does_so_in_a_command()
        {
            await CreateViewAsync();
            await using var app = StartUnwatched();

            await app.SendAsync(new WriteNothingBack(async handling => (await ViewOf(handling).SingleAsync()).ShouldBe(1)));
        }

        [Fact]
        public async Task An_error_is_put_into_the_words_of_the_providers_own_strategy()
        {
            const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody";
            await using var app = Start(options => options.AddContexts = (services, _) =>
                services.AddDbContextPool<ShopContext>(builder => Pair.Use(builder, Nowhere).UseReplica((string?)null)));
            await using var plain = new ShopContext((DbContextOptions<ShopContext>)Pair.Use(new DbContextOptionsBuilder<ShopContext>(), Nowhere).Options);
            var expected = await Should.ThrowAsync<Exception>(() => plain.Orders.CountAsync());

            await app.SendAsync(new WriteNothingBack(async handling =>
            {
                Same(await Should.ThrowAsync<Exception>(() => handling.Db.Orders.CountAsync()));
                Same(Should.Throw<Exception>(() => handling.Db.Orders.Count()));
            }));

            void Same(Exception error)
            {
                error.ShouldBeOfType(expected.GetType());
                error.Message.ShouldBe(expected.Message);
                error.InnerException!.GetType().ShouldBe(expected.InnerException!.GetType());
            }
        }

        private static IQueryable<int> ViewOf(Handling handling) => handling.Db.Database.SqlQueryRaw<int>("""SELECT "Value" FROM "Writing" """);

        private static void Reported(QueryWriteException refusal) =>
            refusal.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);

        private async Task CreateViewAsync()
        {
            await using var primary = Pair.Direct(Server.Primary);
            await primary.Database.ExecuteSqlRawAsync(
                """
                CREATE TABLE IF NOT EXISTS "Written" ("Id" integer);
                CREATE OR REPLACE FUNCTION write() RETURNS integer LANGUAGE sql AS $$ INSERT INTO "Written" VALUES (1) RETURNING 1 $$;
                CREATE OR REPLACE VIEW "Writing" AS SELECT write() AS "Value"
                """);
            await Pair.ReplicateAsync();
        }
    }
}
