using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Group I: contexts without a replica, replicas equal to the primary, and connection pools per server.</summary>
public abstract class NoReplicaTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_blank_replica_string_counts_as_none(string blank)
    {
        await using var app = Start(options => options.ConfigureContext = (context, _) => context.UseReplica(blank));

        (await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync()))).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((1, 0));
        app.Routes.Records[^1].Reason.ShouldBe(RouteReason.NoReplica);
    }

    [Fact]
    [Trait("Case", "C203")]
    public async Task Without_a_replica_everything_is_on_the_primary_and_the_log_says_so_once()
    {
        var lines = new LogLines(LogLevel.Information);
        await using var app = Start(options => options.AddContexts = (services, log) =>
        {
            lines.AddTo(services);
            services.AddDbContext<Shop<NoReplicaTests>>(context => Pair.Use(context, Pair.Primary).UseReplica(null).AddInterceptors(log));
        });

        // More than the reads after which an idle replica would be worth a warning.
        foreach (var _ in Enumerable.Range(0, 60))
            (await app.SendAsync(new Read(async handling => (await Db(handling).Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Current);
        await app.SendAsync(new Write(async handling => await Db(handling).Orders.CountAsync()));

        app.Log.Counts.ShouldBe((61, 0));
        app.Routes.GetRecords<Read>().Where(record => record.Context is not null).ShouldAllBe(record => record.Reason == RouteReason.NoReplica);
        lines.All.ShouldHaveSingleItem().ShouldContain("has no replica, because UseReplica got no connection string");
    }

    [Fact]
    [Trait("Case", "C203")]
    public async Task Without_a_replica_a_query_still_cannot_write()
    {
        await using var app = Start(options => options.ConfigureContext = (context, _) => context.UseReplica(null));

        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling => await handling.Db.Orders.ExecuteDeleteAsync())));
        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling =>
        {
            handling.Db.Add(new Customer { Email = "grace@example.org" });
            await handling.Db.SaveChangesAsync();
        })));
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C204")]
    public async Task A_replica_with_the_primarys_string_is_a_connection_of_its_own_and_routed_as_usual()
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Primary));

        await app.InScopeAsync(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            handling.Db.Add(new Order { Name = "uncommitted" });
            await handling.Db.SaveChangesAsync();

            (await app.SendAsync(new Read(async inner => await inner.Db.Orders.CountAsync()))).ShouldBe(1);
        });
        await app.SendAsync(new Read(async handling =>
        {
            var replica = handling.Db.Database.GetDbConnection();
            using var forced = RouteScope.ForcePrimary();
            handling.Db.Database.GetDbConnection().ShouldNotBeSameAs(replica);
        }));

        app.Routes.GetRecords<Read>()[1].Route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    [Trait("Case", "C208")]
    public async Task A_context_that_read_on_the_replica_goes_to_the_primary_as_a_whole_or_not_at_all()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
            using (RouteScope.ForcePrimary())
                (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);

            await foreach (var _ in handling.Db.Orders.AsNoTracking().AsAsyncEnumerable())
            {
                using var forced = RouteScope.ForcePrimary();
                var error = await Should.ThrowAsync<InvalidOperationException>(() => handling.Db.Lines.CountAsync());
                error.Message.ShouldStartWith("Read needs the primary, but the context is still open on the replica");
            }
        }));

        app.Log.Counts.ShouldBe((1, 2));
    }

    private static Shop<NoReplicaTests> Db(Handling handling) => handling.Services.GetRequiredService<Shop<NoReplicaTests>>();

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : NoReplicaTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : NoReplicaTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Fact]
        [Trait("Case", "C209")]
        public async Task Each_server_has_a_pool_of_its_own_size()
        {
            await using var app = Start(options => options.AddContexts = (services, log) => services.AddDbContext<ShopContext>(context => context
                .UseNpgsql($"{Pair.Primary};Maximum Pool Size=1;Timeout=2").UseReplica($"{Pair.Replica};Maximum Pool Size=1;Timeout=2").AddInterceptors(log)));
            var query = new Read(async handling => await handling.Db.Orders.CountAsync());
            var command = new Write(async handling => await handling.Db.Orders.CountAsync());

            await app.InScopeAsync(async handling =>
            {
                await handling.Db.Database.OpenConnectionAsync();
                (await app.SendAsync(query)).ShouldBe(1);
                (await app.SendAsync(query)).ShouldBe(1);
            });
            await app.InScopeAsync(async handling =>
            {
                using (RouteScope.BeginQuery())
                    await handling.Db.Database.BeginTransactionAsync();
                (await app.SendAsync(command)).ShouldBe(1);
                (await app.SendAsync(command)).ShouldBe(1);
                handling.Db.Database.CurrentTransaction.ShouldNotBeNull().GetDbTransaction().Connection!.State.ShouldBe(System.Data.ConnectionState.Open);
            });

            app.Log.Counts.ShouldBe((2, 2));
        }
    }
}
