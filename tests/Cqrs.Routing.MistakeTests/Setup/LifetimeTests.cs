namespace Cqrs.Routing.MistakeTests.Setup;

public sealed class LifetimeTests
{
    [Fact]
    public async Task A_singleton_that_takes_the_session_is_refused_when_the_container_is_built()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddSingleton<Cache>();

        Should.Throw<AggregateException>(() => app.Provider).ShouldSay("RoutingSession", "from singleton");
    }

    [Fact]
    public async Task The_session_of_the_root_provider_is_refused()
    {
        await using var app = ShopApp.CreateRight();

        Should.Throw<InvalidOperationException>(() => app.Provider.GetRequiredService<RoutingSession>()).ShouldSay("RoutingSession", "root provider");
    }

    [Fact]
    public async Task A_pooled_context_is_routed_as_a_scoped_one()
    {
        await using var app = new ShopApp();
        app.Services.AddDbContextPool<ShopContext>(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));
        app.AddMediator().AddRouting();

        for (var use = 0; use < 3; use++)
            (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        (await app.SendAsync(new PlaceOrder(work => work.ReadAsync()))).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task A_pooled_context_does_not_keep_the_replica_of_the_last_tenant()
    {
        await using var app = new ShopApp();
        app.Services.AddDbContextPool<ShopContext>(options => options.UseSqlite(app.Primary).UseReplica(app.Replica), poolSize: 1);
        app.AddMediator().AddRouting();
        await app.SendAsync(new PlaceOrder(work =>
        {
            work.Shop.Database.SetReplicaConnectionString(app.FileOf("other.db"));
            return Task.FromResult<object?>(null);
        }));

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
    }

    [Fact]
    public async Task A_singleton_context_is_routed_too()
    {
        await using var app = new ShopApp();
        app.Services.AddDbContext<ShopContext>(options => options.UseSqlite(app.Primary).UseReplica(app.Replica), ServiceLifetime.Singleton);
        app.AddMediator().AddRouting();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        (await app.SendAsync(new PlaceOrder(work => work.ReadAsync()))).ShouldBe(ShopApp.OnPrimary);
    }

    [Fact]
    public async Task A_query_that_takes_its_context_from_a_factory_is_routed()
    {
        await using var app = new ShopApp();
        app.Services.AddDbContextFactory<ShopContext>(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));
        app.AddMediator().AddRouting();

        (await app.SendAsync(new GetReport(async work =>
        {
            await using var shop = await work.Services.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContextAsync();
            return await shop.Orders.Select(order => order.Product).FirstAsync();
        }))).ShouldBe(ShopApp.OnReplica);
    }

    private sealed class Cache(RoutingSession session)
    {
        public RoutingSession Session { get; } = session;
    }
}
