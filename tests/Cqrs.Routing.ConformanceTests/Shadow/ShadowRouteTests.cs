using System.Transactions;

namespace Cqrs.Routing.ConformanceTests.Shadow;

/// <summary>The shadow report names the reason that would have kept a query on the primary.</summary>
public abstract class ShadowRouteTests(DatabasePair pair) : ShadowTest(pair)
{
    [Fact]
    public async Task A_transaction_that_was_open_before_keeps_the_query()
    {
        await using var app = StartInShadow();

        await app.InScopeAsync(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Sender.Send(ReadName());
        });

        Found<Read>(app).Outcomes.ShouldHaveSingleItem().Key.ShouldBe(RouteReason.OpenConnection);
        ReportOf(app).ToString().ShouldContain("Read (1 of 1 run) would have stayed on the primary (OpenConnection): its context was open on this server before.");
    }

    [Fact]
    public async Task A_transaction_that_the_query_opened_itself_would_be_the_replicas()
    {
        await using var app = StartInShadow();

        await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.CountAsync();
            await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        Found<Read>(app).Outcomes.ShouldHaveSingleItem().ShouldBe(new(RouteReason.Query, 2));
    }

    [Fact]
    public async Task Queries_that_are_forced_to_the_primary_are_reported_with_the_reasons_of_routing()
    {
        await using var app = StartInShadow();

        await app.SendAsync(new ReadFromPrimaryQuery(async handling => await handling.Db.Orders.CountAsync()));
        await app.InScopeAsync(async handling =>
        {
            using var primary = RouteScope.ForcePrimary();
            await handling.Sender.Send(ReadName());
        });

        Found<ReadFromPrimaryQuery>(app).Outcomes.ShouldHaveSingleItem().Key.ShouldBe(RouteReason.ReadFromPrimary);
        Found<Read>(app).Outcomes.ShouldHaveSingleItem().Key.ShouldBe(RouteReason.ForcedPrimary);
    }

    [Fact]
    public async Task A_context_without_a_replica_is_reported()
    {
        await using var app = StartInShadow(options => options.ConfigureContext = static (context, _) => context.UseReplica((string?)null));

        await app.SendAsync(ReadName());

        Found<Read>(app).Outcomes.ShouldHaveSingleItem().Key.ShouldBe(RouteReason.NoReplica);
        ReportOf(app).ToString().ShouldContain("Name the replica with UseReplica(...).");
    }

    [Theory]
    [ClassData(typeof(Configuration.Lifetimes))]
    public async Task A_replica_that_is_configured_wrongly_fails_no_request_and_is_reported(ContextLifetime lifetime)
    {
        await using var app = StartInShadow(options =>
        {
            options.Lifetime = lifetime;
            options.ConfigureContext = static (context, _) => context.UseReplica(static replica => replica.UseInMemoryDatabase("no relational provider"));
        });

        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Current);
        await app.SendAsync(new WriteNothingBack(handling => RenameAsync(handling, "written")));

        app.Log.Counts.ShouldBe((2, 0));
        ReportOf(app).Problems.ShouldHaveSingleItem().ShouldContain("configured no relational provider");
        ReportOf(app).ToString().ShouldContain("1. The replica cannot be used. UseReplica(o => ...) configured no relational provider.");
        await app.InScopeAsync(async handling => await Should.ThrowAsync<InvalidOperationException>(() => handling.Db.Orders.CountAsync()));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ShadowRouteTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ShadowRouteTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Fact]
        public async Task A_transaction_scope_keeps_the_query()
        {
            await using var app = StartInShadow();

            await app.SendAsync(new Read(async handling =>
            {
                using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
                await handling.Db.Orders.CountAsync();
            }));

            Found<Read>(app).Outcomes.ShouldHaveSingleItem().Key.ShouldBe(RouteReason.AmbientTransaction);
        }
    }
}
