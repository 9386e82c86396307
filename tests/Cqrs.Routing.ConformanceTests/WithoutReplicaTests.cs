using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests;

/// <summary>Group I: an application that has no replica.</summary>
public abstract class WithoutReplicaTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C203")]
    public async Task Without_a_replica_any_number_of_queries_read_on_the_primary_for_that_one_reason_and_nobody_is_warned()
    {
        using var log = new LogCapture();
        await using var app = Start(options =>
        {
            options.ConfigureServices = services => services.AddSingleton<ILoggerProvider>(log);
            options.ConfigureContext = (context, _) => context.UseReplica((string?)null);
        });

        for (var i = 0; i < 100; i++)
            await app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync()));

        app.Log.Counts.ShouldBe((100, 0));
        app.Routes.Of<Read>().Where(record => record.Context is not null).Select(record => record.Reason).Distinct().ShouldBe([RouteReason.NoReplica]);
        log.Warnings.ShouldBeEmpty();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : WithoutReplicaTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : WithoutReplicaTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
