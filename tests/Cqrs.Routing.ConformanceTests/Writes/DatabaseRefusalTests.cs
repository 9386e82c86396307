using Cqrs.Routing.ConformanceTests.Mappings;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: the standby refuses writes that only the database recognises, and the library reports them as refused writes.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DatabaseRefusalTests(PairFixture<PostgresPairDatabase> fixture) : MappingTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    [Trait("Case", "C069")]
    [Trait("Case", "C107")]
    public async Task A_mapped_function_that_writes_is_reported_as_a_refused_write()
    {
        await using var app = await StartWithFunctionAsync();

        await app.SendAsync(new Read(async handling =>
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => MappingsOf(handling).Keepers.Select(keeper => MappingContext.SellTicket()).ToListAsync());
            refusal.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
            refusal.ContextType.ShouldBe(typeof(MappingContext));
            app.Log.Counts.ShouldBe((0, 1));

            (await MappingsOf(handling).Keepers.CountAsync()).ShouldBe(1);
        }));

        await using var primary = Direct(Server.Primary);
        (await primary.Tickets.CountAsync()).ShouldBe(0);
    }

    [Fact]
    [Trait("Case", "C069")]
    public async Task A_mapped_function_that_writes_does_so_on_the_primary_in_a_command()
    {
        await using var app = await StartWithFunctionAsync();

        await app.SendAsync(new WriteNothingBack(async handling => await MappingsOf(handling).Keepers.Select(keeper => MappingContext.SellTicket()).ToListAsync()));

        app.Log.Counts.ShouldBe((1, 0));
        await using var primary = Direct(Server.Primary);
        (await primary.Tickets.CountAsync()).ShouldBe(1);
    }

    [Theory]
    [Trait("Case", "C076")]
    [Trait("Case", "C127")]
    [InlineData("25006", "SELECT txid_current()::text AS \"Value\"")]
    [InlineData("55000", "SELECT pg_current_wal_lsn()::text AS \"Value\"")]
    [InlineData("XX000", "SELECT lo_create(0)::text AS \"Value\"")]
    public async Task Every_code_with_which_a_standby_refuses_is_reported_as_a_refused_write(string code, string sql)
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.SqlQueryRaw<string>(sql).ToListAsync());
            if (refusal.InnerException is { } cause)
                cause.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(code);
            app.Log.OnPrimary.ShouldBeEmpty();
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
        }));
    }

    [Fact]
    [Trait("Case", "C076")]
    public async Task Errors_that_refuse_no_write_reach_the_caller_as_they_are()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            var error = await Should.ThrowAsync<PostgresException>(() => handling.Db.Database.SqlQueryRaw<int>("SELECT 1/0 AS \"Value\"").ToListAsync());
            error.SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        }));
    }

    private async Task<RoutedApp> StartWithFunctionAsync()
    {
        var app = await StartMappingsAsync();
        await using var primary = Direct(Server.Primary);
        await primary.Database.ExecuteSqlRawAsync(
            """
            CREATE OR REPLACE FUNCTION sell_ticket() RETURNS integer LANGUAGE sql AS
            $$ INSERT INTO "Tickets" ("Id", "Visitor") VALUES (1, 'anyone') RETURNING "Id" $$
            """);
        await Pair.ReplicateAsync();
        return app;
    }
}
