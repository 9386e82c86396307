using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>A test suite replaces the provider with InMemory, or the options of a context; the context keeps working.</summary>
public sealed class OtherProviderTests(PairFixture<SqlitePair> fixture) : IClassFixture<PairFixture<SqlitePair>>
{
    public static TheoryData<string, Action<DbContextOptionsBuilder>> Replicas => new()
    {
        { "string", context => context.UseReplica("Data Source=replica.db") },
        { "null", context => context.UseReplica(null) },
        { "mirror", context => context.UseReplicaMirror() },
        { "intent", context => context.UseReadOnlyIntentReplica() },
        { "configured", context => context.UseReplica(replica => replica.UseSqlite("Data Source=replica.db")) },
    };

    [Theory]
    [MemberData(nameof(Replicas))]
    public async Task InMemory_takes_writes_and_reads_whatever_replica_is_configured(string replica, Action<DbContextOptionsBuilder> use)
    {
        await using var app = Start((services, _) => services.AddDbContext<ShopContext>(context => use(context.UseInMemoryDatabase(replica))));

        await ShouldWorkAsync(app);
    }

    [Fact]
    public async Task InMemory_still_refuses_that_a_query_saves()
    {
        await using var app = Start((services, _) => services.AddDbContext<ShopContext>(context => context.UseInMemoryDatabase("guard").UseReplica("replica")));

        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(AddAsync)));
    }

    [Fact]
    public async Task InMemory_is_logged_once_as_a_provider_without_a_replica()
    {
        var lines = new LogLines();
        await using var app = Start((services, _) =>
        {
            lines.AddTo(services);
            services.AddDbContext<Shop<OtherProviderTests>>(context => context.UseInMemoryDatabase("said").UseReplica("replica"));
        });

        foreach (var _ in Enumerable.Range(0, 3))
            await app.SendAsync(new Read(async handling => await handling.Services.GetRequiredService<Shop<OtherProviderTests>>().Orders.CountAsync()));

        lines.All.ShouldHaveSingleItem().ShouldBe(
            "Shop<OtherProviderTests> stays on the primary: its provider is not relational, so it has no connection that could lead to a replica. Call UseReplica(null) where it has this provider, as in tests. [CR003]");
    }

    [Fact]
    public async Task InMemory_without_a_configured_replica_logs_nothing()
    {
        var lines = new LogLines();
        await using var app = Start((services, _) =>
        {
            lines.AddTo(services);
            services.AddDbContext<Shop<byte>>(context => context.UseInMemoryDatabase("silent").UseReplica(null));
        });

        await app.SendAsync(new Read(async handling => await handling.Services.GetRequiredService<Shop<byte>>().Orders.CountAsync()));

        lines.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_options_descriptor_of_a_routed_context_can_be_replaced()
    {
        await using var app = Start((services, _) =>
        {
            services.AddDbContext<ShopContext>(context => context.UseSqlite("Data Source=missing/shop.db").UseReplica("Data Source=missing/replica.db"));
            // As WebApplicationFactory fixtures do it since EF Core 9.
            services.RemoveAll<IDbContextOptionsConfiguration<ShopContext>>();
            services.RemoveAll<DbContextOptions<ShopContext>>();
            services.AddDbContext<ShopContext>(context => context.UseInMemoryDatabase("replaced"));
        });

        await ShouldWorkAsync(app);
    }

    [Fact]
    public async Task Options_can_be_registered_as_an_instance()
    {
        await using var app = Start((services, _) =>
        {
            services.AddDbContext<ShopContext>(context => context.UseSqlite("Data Source=missing/shop.db").UseReplica("Data Source=missing/replica.db"));
            services.RemoveAll<DbContextOptions<ShopContext>>();
            services.AddSingleton(new DbContextOptionsBuilder<ShopContext>().UseInMemoryDatabase("instance").UseReplica("replica").Options);
        });

        await ShouldWorkAsync(app);
    }

    [Fact]
    public async Task A_later_AddDbContext_that_replaces_the_primary_keeps_the_context_there_and_says_so_once()
    {
        var lines = new LogLines();
        await using var app = Start((services, log) =>
        {
            lines.AddTo(services);
            services.AddDbContext<Shop<string>>(context => context.UseSqlite("Data Source=missing/shop.db").UseReplica(fixture.Pair.Replica));
            services.AddDbContext<Shop<string>>(context => context.UseSqlite(fixture.Pair.Primary).AddInterceptors(log));
        });
        await fixture.Pair.ResetAsync();

        foreach (var _ in Enumerable.Range(0, 3))
            (await app.SendAsync(new Read(async handling => await handling.Services.GetRequiredService<Shop<string>>().Orders.CountAsync()))).ShouldBe(1);

        app.Log.Counts.ShouldBe((3, 0));
        app.Routes.GetRecords<Read>().Where(route => route.Context is not null).ShouldAllBe(route => route.Reason == RouteReason.ReplicaMismatch);
        lines.All.ShouldHaveSingleItem().ShouldBe(
            "Shop<String> stays on the primary: its primary was replaced after UseReplica was called, so the replica may not be a copy of it. "
            + "Call UseReplica after that, or UseReplicaMirror() in tests. [CR003]");
    }

    [Fact]
    public async Task An_internal_service_provider_of_the_applications_own_keeps_working_unrouted_and_says_so_once()
    {
        await fixture.Pair.ResetAsync();
        var lines = new LogLines();
        await using var internalServices = new ServiceCollection().AddEntityFrameworkSqlite().BuildServiceProvider();
        await using var app = Start((services, log) =>
        {
            lines.AddTo(services);
            services.AddDbContext<ShopContext>(context => context
                .UseSqlite(fixture.Pair.Primary).UseReplica(fixture.Pair.Replica).AddInterceptors(log).UseInternalServiceProvider(internalServices));
        });

        foreach (var _ in Enumerable.Range(0, 3))
            (await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((3, 0));
        lines.All.ShouldHaveSingleItem().ShouldBe(
            "ShopContext stays on the primary: UseInternalServiceProvider(...) removes routing and the write guard, so its queries can write. "
            + "Remove it, or remove UseReplica. [CR003]");
    }

    private static async Task ShouldWorkAsync(RoutedApp app)
    {
        await app.SendAsync(new Write(AddAsync));
        (await app.SendAsync(new Read(async handling => await handling.Db.Customers.CountAsync()))).ShouldBe(1);
        await app.InScopeAsync(AddAsync);
        (await app.SendAsync(new Write(async handling => await handling.Db.Customers.CountAsync()))).ShouldBe(2);
    }

    private static async Task AddAsync(Handling handling)
    {
        handling.Db.Add(new Customer { Email = "grace@example.org" });
        await handling.Db.SaveChangesAsync();
    }

    private RoutedApp Start(Action<IServiceCollection, ServerLog> addContexts) => RoutedApp.Start(fixture.Pair, options => options.AddContexts = addContexts);
}
