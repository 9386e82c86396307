using Dapper;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A query that <c>RouteScope.BeginQuery</c> begins without a mediator belongs to the session of its service scope.</summary>
public abstract class QueryScopeTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_scope_sees_what_a_command_of_its_service_scope_wrote(bool routed)
    {
        await using var app = Start(options =>
        {
            if (!routed)
                options.ConfigureContext = static (_, _) => { };
        });

        await app.InScopeAsync(async scope =>
        {
            using (RouteScope.BeginQuery())
                (await scope.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(1);
            await scope.Sender.Send(new Write(async handling =>
            {
                handling.Db.Add(new Order { Name = "added" });
                await handling.Db.SaveChangesAsync();
            }));
            using (RouteScope.BeginQuery())
                (await scope.Db.Database.GetDbConnection().ExecuteScalarAsync<int>("""SELECT count(*) FROM "Orders" """)).ShouldBe(2);
            using (RouteScope.BeginQuery())
                (await scope.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(2);
        });

        app.Log.OnReplica.Count.ShouldBe(routed ? 1 : 0);
    }

    [Fact]
    public async Task A_query_scope_reads_from_the_primary_when_its_session_is_pinned()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            ((RoutingSession)scope.Services.GetService(typeof(RoutingSession))!).PinToPrimary();
            using (RouteScope.BeginQuery())
            {
                RouteScope.Current.Route.ShouldBe(DatabaseRole.Replica);
                (await scope.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync()).ShouldBe(DatabasePair.Current);
                RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.RecentWrite));
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_or_create_outside_requests_creates_what_a_command_of_its_scope_deleted(bool routed)
    {
        await using var app = Start(options =>
        {
            if (!routed)
                options.ConfigureContext = static (_, _) => { };
        });

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(async handling => await handling.Db.Tags.ExecuteDeleteAsync()));
            scope.Db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            (await scope.Db.Tags.GetOrCreateAsync(tag => tag.Label == "new", static () => new Tag { Label = "new" })).Created.ShouldBeTrue();
        });

        await using var after = Pair.Direct(Server.Primary);
        (await after.Tags.CountAsync()).ShouldBe(1);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : QueryScopeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : QueryScopeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
