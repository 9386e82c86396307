using System.Data;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>A context with a connection that the application supplies, such as an open <c>:memory:</c> one, stays on it.</summary>
public sealed class SuppliedConnectionTests(PairFixture<SqlitePair> fixture) : IClassFixture<PairFixture<SqlitePair>>
{
    [Fact]
    public async Task An_open_memory_connection_keeps_the_context_on_it_and_is_logged_once()
    {
        var lines = new LogLines();
        await using var connection = await MemoryAsync();
        await using var app = Start(lines, services => services.AddDbContext<Shop<SuppliedConnectionTests>>(
            context => context.UseSqlite(connection).UseReplica("Data Source=:memory:")));

        (await CountAsync<SuppliedConnectionTests>(app)).ShouldBe(0);
        await AddAsync<SuppliedConnectionTests>(app);
        (await CountAsync<SuppliedConnectionTests>(app)).ShouldBe(1);

        lines.All.ShouldHaveSingleItem().ShouldBe(
            "Shop<SuppliedConnectionTests> stays on the primary: the application supplied the connection itself. "
            + "To route it too, give UseReplica a connection as well, or call UseReplicaMirror() in tests. [CR003]");
    }

    [Fact]
    public async Task A_query_cannot_write_on_an_open_memory_connection()
    {
        await using var connection = await MemoryAsync();
        await using var app = Start(new(), services => services.AddDbContext<ShopContext>(
            context => context.UseSqlite(connection).UseReplica("Data Source=:memory:")));

        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling => await handling.Db.Customers.ExecuteDeleteAsync())));
    }

    [Fact]
    public async Task A_mirror_uses_an_open_memory_connection()
    {
        await using var connection = await MemoryAsync();
        await using var app = Start(new(), services => services.AddDbContext<Shop<int>>(context => context.UseSqlite(connection).UseReplicaMirror()));

        await AddAsync<int>(app);
        (await CountAsync<int>(app)).ShouldBe(1);
    }

    [Fact]
    public async Task A_replica_with_a_connection_of_its_own_is_routed_to()
    {
        await using var primary = await MemoryAsync();
        await using var replica = await MemoryAsync();
        await using var app = Start(new(), services => services.AddDbContext<Shop<long>>(
            context => context.UseSqlite(primary).UseReplica(options => options.UseSqlite(replica))));

        await AddAsync<long>(app);
        (await CountAsync<long>(app)).ShouldBe(0);
    }

    [Fact]
    public async Task A_replica_connection_that_a_query_still_reads_from_is_not_left_for_the_primary()
    {
        await using var primary = await MemoryAsync();
        await using var replica = await MemoryAsync();
        var options = new DbContextOptionsBuilder<Shop<short>>().UseSqlite(primary).UseReplica(options => options.UseSqlite(replica)).Options;
        await using var seeded = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite(replica).Options);
        seeded.Add(new Customer { Email = "grace@example.org" });
        await seeded.SaveChangesAsync();
        await using var db = new Shop<short>(options);
        using var query = RouteScope.BeginQuery();

        await foreach (var _ in db.Customers.AsAsyncEnumerable())
        {
            using var forced = RouteScope.ForcePrimary();
            await Should.ThrowAsync<InvalidOperationException>(() => db.Customers.CountAsync());
        }

        using var after = RouteScope.ForcePrimary();
        (await db.Customers.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public void A_read_only_intent_has_nothing_to_start_from_and_stays_on_the_primary()
    {
        using var connection = new SqlConnection("Server=primary.example;Database=shop");
        using var db = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlServer(connection).UseReadOnlyIntentReplica().Options);
        using var query = RouteScope.BeginQuery();

        db.Database.GetDbConnection().ShouldBeSameAs(connection);
    }

    [Fact]
    [Trait("Case", "C206")]
    public async Task The_next_lease_of_a_pooled_context_has_the_supplied_connection_again()
    {
        await using var connection = await MemoryAsync();
        await using var other = await MemoryAsync();
        await using var app = Start(new(), services => services.AddDbContextPool<Shop<char>>(context => context.UseSqlite(connection).UseReplica("Data Source=:memory:")));

        await app.InScopeAsync(async handling =>
        {
            var db = handling.Services.GetRequiredService<Shop<char>>();
            db.Database.SetDbConnection(other);
            (await db.Customers.CountAsync()).ShouldBe(0);
        });
        await AddAsync<char>(app);

        connection.State.ShouldBe(ConnectionState.Open);
        await using var plain = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite(connection).Options);
        (await plain.Customers.CountAsync()).ShouldBe(1);
    }

    private static async Task<SqliteConnection> MemoryAsync()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await using var db = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite(connection).Options);
        await db.Database.EnsureCreatedAsync();
        return connection;
    }

    private static async Task<object?> CountAsync<TTest>(RoutedApp app) =>
        await app.SendAsync(new Read(async handling => await handling.Services.GetRequiredService<Shop<TTest>>().Customers.CountAsync()));

    private static Task AddAsync<TTest>(RoutedApp app) => app.SendAsync(new Write(async handling =>
    {
        var db = handling.Services.GetRequiredService<Shop<TTest>>();
        db.Add(new Customer { Email = "grace@example.org" });
        await db.SaveChangesAsync();
    }));

    private RoutedApp Start(LogLines lines, Action<IServiceCollection> addContext) => RoutedApp.Start(fixture.Pair, options => options.AddContexts = (services, _) =>
    {
        lines.AddTo(services);
        addContext(services);
    });
}
