
namespace Cqrs.Routing.ConformanceTests;

/// <summary>The recorder lists each decision of a request once, with its reason.</summary>
public abstract class RouteRecorderTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    public async Task A_query_that_reads_three_times_is_told_once()
    {
        await using var app = Start();

        await app.SendAsync(new Read(ReadThreeTimes));

        app.Routes.GetRecords<Read>().ShouldBe([
            new(typeof(Read), context: null, DatabaseRole.Replica, RouteReason.Query),
            new(typeof(Read), typeof(ShopContext), DatabaseRole.Replica, RouteReason.Query),
        ]);
    }

    [Fact]
    [Trait("Case", "C225")]
    public async Task A_connection_that_the_request_opened_itself_is_no_second_reason()
    {
        await using var app = Start(options => options.ConfigureContext = (context, _) => context.UseReplica((string?)null));

        await app.SendAsync(new Read(ReadThreeTimes));

        app.Routes.GetRecords<Read>()[^1].ShouldBe(new(typeof(Read), typeof(ShopContext), DatabaseRole.Primary, RouteReason.NoReplica));
        app.Routes.GetRecords<Read>().Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Case", "C225")]
    public async Task A_transaction_that_was_open_before_is_the_reason()
    {
        await using var app = Start();

        await app.InScopeAsync(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Sender.Send(new Read(ReadThreeTimes));
        });

        app.Routes.GetRecords<Read>()[^1].ShouldBe(new(typeof(Read), typeof(ShopContext), DatabaseRole.Primary, RouteReason.OpenConnection));
    }

    [Fact]
    public async Task The_recorder_keeps_the_last_records_only()
    {
        await using var app = Start();
        await app.InScopeAsync(async handling =>
        {
            for (var sent = 0; sent < RouteRecorder.Capacity + 5; sent++)
                await handling.Sender.Send(new Read(_ => Task.CompletedTask));
        });

        app.Routes.Records.Count.ShouldBe(RouteRecorder.Capacity);
    }

    private static async Task ReadThreeTimes(Handling handling)
    {
        for (var read = 0; read < 3; read++)
            await handling.Db.Database.SqlQueryRaw<int>("SELECT 1 AS \"Value\"").ToListAsync();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RouteRecorderTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RouteRecorderTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
