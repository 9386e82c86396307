using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>A context is routed in every way and order of registration.</summary>
public abstract class RegistrationTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [ClassData(typeof(Lifetimes))]
    [Trait("Case", "C210")]
    public async Task One_replica_string_routes_a_context_of_every_lifetime(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        await ShouldRouteAsync(app);
        await ShouldRouteAsync(app);
    }

    [Theory]
    [ClassData(typeof(Lifetimes))]
    public async Task UseReplica_may_come_before_the_provider(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.AddContexts = (services, log) =>
            Add(services, lifetime, context => Pair.Use(context.UseReplica(Pair.Replica).AddInterceptors(log), Pair.Primary)));

        await ShouldRouteAsync(app);
    }

    [Theory]
    [ClassData(typeof(Lifetimes))]
    public async Task ConfigureDbContext_may_name_the_replica_before_the_context_is_added(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.AddContexts = (services, log) =>
        {
            services.ConfigureDbContext<ShopContext>(context => context.UseReplica(Pair.Replica));
            Add(services, lifetime, context => Pair.Use(context, Pair.Primary).AddInterceptors(log));
        });

        await ShouldRouteAsync(app);
    }

    [Theory]
    [ClassData(typeof(Lifetimes))]
    public async Task ConfigureDbContext_may_name_the_replica_after_the_context_is_added(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.AddContexts = (services, log) =>
        {
            Add(services, lifetime, context => Pair.Use(context, Pair.Primary).AddInterceptors(log));
            services.ConfigureDbContext<ShopContext>(context => context.UseReplica(Pair.Replica));
        });

        await ShouldRouteAsync(app);
    }

    [Fact]
    public async Task A_context_constructed_by_hand_from_options_is_routed()
    {
        await using var app = Start();
        var options = Pair.Use(new DbContextOptionsBuilder<ShopContext>().AddInterceptors(app.Log), Pair.Primary).UseReplica(Pair.Replica).Options;

        async Task<object?> Name(Handling handling)
        {
            await using var db = new ShopContext((DbContextOptions<ShopContext>)options);
            return (await db.Orders.AsNoTracking().SingleAsync()).Name;
        }

        (await app.SendAsync(new Read(Name))).ShouldBe(DatabasePair.Replicated);
        (await app.SendAsync(new Write(Name))).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_singleton_context_is_routed()
    {
        await using var app = Start(options => options.AddContexts = (services, log) => services.AddDbContext<ShopContext>(
            context => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica).AddInterceptors(log), ServiceLifetime.Singleton));

        await ShouldRouteAsync(app);
        await ShouldRouteAsync(app);
    }

    [Fact]
    public async Task Calling_UseReplica_again_replaces_the_replica()
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context
            .UseReplica(pair.Primary, replica => replica.AllowDifferentDatabaseName = true)
            .UseReplica(pair.Replica));

        await ShouldRouteAsync(app);
    }

    [Fact]
    public async Task Calling_UseReplica_again_with_null_removes_the_replica()
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).UseReplica(null));

        (await app.SendAsync(new Read(NameAsync))).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    private static async Task<object?> NameAsync(Handling handling) => await handling.Db.Orders.Select(order => order.Name).SingleAsync();

    private static async Task ShouldRouteAsync(RoutedApp app)
    {
        app.Log.Clear();
        (await app.SendAsync(new Read(NameAsync))).ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 1));
        (await app.SendAsync(new Write(NameAsync))).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 1));
    }

    internal static void Add(IServiceCollection services, ContextLifetime lifetime, Action<DbContextOptionsBuilder> configure)
    {
        _ = lifetime switch
        {
            ContextLifetime.Pooled => services.AddDbContextPool<ShopContext>(configure),
            ContextLifetime.Factory => services.AddDbContextFactory<ShopContext>(configure),
            ContextLifetime.PooledFactory => services.AddPooledDbContextFactory<ShopContext>(configure)
                .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContext()),
            _ => services.AddDbContext<ShopContext>(configure),
        };
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RegistrationTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RegistrationTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
