using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: one request with several routed contexts.</summary>
public abstract class SeveralContextsRoutingTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C016")]
    public async Task A_query_inside_a_command_reads_the_primary_through_every_context()
    {
        var catalogLog = new ServerLog(Pair);
        await using var app = StartWithCatalog(catalogLog);
        await RenameTagAsync();

        var label = await app.SendAsync(new Write(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            return await handling.Sender.Send(new Read(ReadBoth));
        }));

        label.ShouldBe("renamed");
        app.Log.Counts.ShouldBe((2, 0));
        catalogLog.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C016")]
    public async Task A_transaction_of_one_context_does_not_keep_the_others_from_the_replica()
    {
        var catalogLog = new ServerLog(Pair);
        await using var app = StartWithCatalog(catalogLog);
        await RenameTagAsync();

        await app.InScopeAsync(async scope =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            (await scope.Sender.Send(new Read(ReadBoth))).ShouldBe("new");
        });

        app.Log.Counts.ShouldBe((1, 0));
        catalogLog.Counts.ShouldBe((0, 1));
    }

    private static async Task<object?> ReadBoth(Handling handling)
    {
        await handling.Db.Orders.CountAsync();
        return (await handling.Services.GetRequiredService<CatalogContext>().Tags.AsNoTracking().SingleAsync()).Label;
    }

    private RoutedApp StartWithCatalog(ServerLog catalogLog) => Start(options => options.ConfigureServices = services =>
        services.AddDbContext<CatalogContext>(context => Pair.Use(context, Pair.Primary).AddInterceptors(catalogLog).UseReplica(Pair.Replica)));

    private async Task RenameTagAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        await primary.Tags.ExecuteUpdateAsync(tags => tags.SetProperty(tag => tag.Label, "renamed"));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : SeveralContextsRoutingTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : SeveralContextsRoutingTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
