using MediatR;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Containers of real applications: the root provider, a second container and the number of descriptors.</summary>
public sealed class ContainerTests(PairFixture<SqlitePair> fixture) : IClassFixture<PairFixture<SqlitePair>>, IAsyncLifetime
{
    private DatabasePair Pair => fixture.Pair;

    public async ValueTask InitializeAsync() => await Pair.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_mediator_from_the_root_provider_routes_and_remembers_nothing()
    {
        await using var app = RoutedApp.Start(Pair, options => options.Lifetime = ContextLifetime.Factory);
        var sender = app.Services.GetRequiredService<ISender>();

        async Task<object?> NameAsync(Handling handling)
        {
            await using var db = await handling.Factory.CreateDbContextAsync();
            return (await db.Orders.AsNoTracking().SingleAsync()).Name;
        }

        (await sender.Send(new Write(NameAsync))).ShouldBe(DatabasePair.Current);
        (await sender.Send(new Read(NameAsync))).ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_context_from_a_second_container_follows_the_request_of_the_first()
    {
        var services = new ServiceCollection();
        services.AddDbContext<ShopContext>(context => context.UseSqlite(Pair.Primary).UseReplica(Pair.Replica));
        await using var second = services.BuildServiceProvider(validateScopes: true);
        await using var app = RoutedApp.Start(Pair);

        var name = await app.SendAsync(new Read(async _ =>
        {
            await using var scope = second.CreateAsyncScope();
            return (await scope.ServiceProvider.GetRequiredService<ShopContext>().Orders.AsNoTracking().SingleAsync()).Name;
        }));

        name.ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_container_built_in_an_options_callback_and_thrown_away_loses_no_route()
    {
        await using var app = RoutedApp.Start(Pair, options => options.AddContexts = (services, log) =>
        {
            services.AddSingleton(new Strings(Pair.Primary, Pair.Replica));
            services.AddDbContextPool<ShopContext>(context =>
            {
                using var temporary = services.BuildServiceProvider();
                var strings = temporary.GetRequiredService<Strings>();
                context.UseSqlite(strings.Primary).UseReplica(strings.Replica).AddInterceptors(log);
            });
        });

        (await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    public void A_routed_context_has_the_descriptors_of_a_plain_one()
    {
        var plain = new ServiceCollection().AddDbContext<ShopContext>(context => context.UseSqlite(Pair.Primary));
        var routed = new ServiceCollection().AddDbContext<ShopContext>(context => context.UseSqlite(Pair.Primary).UseReplica(Pair.Replica));

        routed.Select(descriptor => descriptor.ServiceType).ShouldBe(plain.Select(descriptor => descriptor.ServiceType));
        routed.AddRoutingBehavior();
        routed.Count(descriptor => descriptor.ServiceType == typeof(ShopContext)).ShouldBe(1);
        routed.Count(descriptor => descriptor.ServiceType == typeof(DbContextOptions<ShopContext>)).ShouldBe(1);
        routed.Count(descriptor => descriptor.ServiceType == typeof(DbContextOptions)).ShouldBe(1);
    }

    [Fact]
    public async Task A_routed_context_without_AddRoutingBehavior_warns_once()
    {
        var lines = new LogLines();
        var services = new ServiceCollection();
        lines.AddTo(services);
        services.AddDbContext<Shop<ContainerTests>>(context => context.UseSqlite(Pair.Primary).UseReplica(Pair.Replica));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            await using var scope = provider.CreateAsyncScope();
            (await scope.ServiceProvider.GetRequiredService<Shop<ContainerTests>>().Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
        }

        lines.All.ShouldHaveSingleItem().ShouldBe(
            "Shop<ContainerTests> calls UseReplica, but its services have no routing, so requests are neither routed nor guarded, and queries may miss what their session wrote. "
            + "Call services.AddRoutingBehavior() where MediatR is registered, or services.AddCqrsRoutingCore() without MediatR. [CR004]");
    }

    [Fact]
    public void Thirty_replicas_of_all_kinds_share_one_internal_service_provider()
    {
        var options = Enumerable.Range(0, 30).Select(i => Build(context => context.UseReplica($"Data Source=replica{i}.db"))).Concat(
        [
            Build(context => context.UseReplica(null)),
            Build(context => context.UseReplicaMirror()),
            Build(context => context.UseReplica("Data Source=other.db", replica => replica.AllowDifferentDatabaseName = true)),
            Build(context => context.UseReplica(replica => replica.UseSqlite("Data Source=configured.db"))),
        ]);

        options.Select(InternalSingleton).Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(1);
    }

    [Fact]
    public void Options_without_a_provider_that_another_thread_looks_at_take_nothing_from_those_with_one()
    {
        var withProvider = Build(context => context.UseReplica("Data Source=replica.db"));
        var routing = withProvider.Extensions.Single(extension => extension.GetType().Assembly == typeof(RouteScope).Assembly);
        var services = new ServiceCollection();

        routing.Validate(withProvider);
        var other = new Thread(() => routing.Validate(new DbContextOptionsBuilder().Options));
        other.Start();
        other.Join();
        routing.ApplyServices(services);

        services.ShouldContain(service => service.ServiceType == typeof(IRelationalConnection));
    }

    private DbContextOptions<ShopContext> Build(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<ShopContext>().UseSqlite(Pair.Primary);
        configure(options);
        return options.Options;
    }

    private static object InternalSingleton(DbContextOptions<ShopContext> options)
    {
        using var db = new ShopContext(options);
        return db.GetService<IModelSource>();
    }

    private sealed record Strings(string Primary, string Replica);
}
