using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Tenants whose connection string is chosen in <c>OnConfiguring</c>, which EF calls last.</summary>
public abstract class TenantTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tenants_string_in_OnConfiguring_leaves_a_replica_named_outside_alone(bool providerOutside)
    {
        var lines = new LogLines();
        await using var app = Start(lines, context => (providerOutside ? Pair.Use(context, Pair.Primary) : context).UseReplica(Pair.Replica), (tenant, context) => Pair.Use(context, tenant));

        // The tenant's primary is the pair's replica: whoever answers "current" is somebody else's replica, or somebody else's primary.
        (await NameAsync(app, Pair.Replica)).ShouldBe(DatabasePair.Replicated);

        app.Routes.Records[^1].ShouldBe(new(typeof(Read), typeof(TenantShop), DatabaseRole.Primary, RouteReason.ReplicaMismatch));
    }

    [Fact]
    public async Task A_tenants_string_in_OnConfiguring_with_its_replica_is_routed()
    {
        await using var app = Start(new(), context => { }, (tenant, context) => Pair.Use(context, tenant).UseReplica(tenant == Pair.Primary ? Pair.Replica : Pair.Primary));

        (await NameAsync(app, Pair.Primary)).ShouldBe(DatabasePair.Replicated);
        (await NameAsync(app, Pair.Replica)).ShouldBe(DatabasePair.Current);
        (await NameAsync(app, Pair.Primary)).ShouldBe(DatabasePair.Replicated);
        app.Routes.GetRecords<Read>().Where(record => record.Context is not null).ShouldAllBe(record => record.Route == DatabaseRole.Replica);
    }

    [Fact]
    public async Task Tenants_of_one_application_never_share_a_replica_under_load()
    {
        await using var app = Start(new(), context => { }, (tenant, context) => Pair.Use(context, tenant).UseReplica(tenant == Pair.Primary ? Pair.Replica : Pair.Primary));

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (i, _) => (await NameAsync(app, i % 2 == 0 ? Pair.Primary : Pair.Replica))
            .ShouldBe(i % 2 == 0 ? DatabasePair.Replicated : DatabasePair.Current));
    }

    [Fact]
    public async Task The_same_string_again_in_OnConfiguring_is_the_same_primary()
    {
        await using var app = Start(new(), context => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica), (tenant, context) => Pair.Use(context, tenant));

        (await NameAsync(app, Pair.Primary)).ShouldBe(DatabasePair.Replicated);
        app.Routes.Records[^1].Route.ShouldBe(DatabaseRole.Replica);
    }

    private static async Task<object?> NameAsync(RoutedApp app, string tenant)
    {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Primary = tenant;
        return await scope.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(
            new Read(async handling => (await handling.Services.GetRequiredService<TenantShop>().Orders.AsNoTracking().SingleAsync()).Name));
    }

    private RoutedApp Start(LogLines lines, Action<DbContextOptionsBuilder> outside, Action<string, DbContextOptionsBuilder> inside) =>
        Start(options => options.AddContexts = (services, _) =>
        {
            lines.AddTo(services);
            services.AddScoped(_ => new Tenant(inside));
            services.AddDbContext<TenantShop>(outside);
        });

    public sealed class Tenant(Action<string, DbContextOptionsBuilder> configure)
    {
        public string Primary { get; set; } = "";

        public void Configure(DbContextOptionsBuilder options) => configure(Primary, options);
    }

    public sealed class TenantShop(DbContextOptions<TenantShop> options, Tenant tenant) : ShopContext(options)
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => tenant.Configure(optionsBuilder);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : TenantTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : TenantTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
