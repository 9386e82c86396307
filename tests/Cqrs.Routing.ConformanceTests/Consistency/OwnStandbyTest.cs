using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.TestServers;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A primary and a standby of the test's own, to which others need not be equal afterwards. Both hold one order, "old".</summary>
public abstract class OwnStandbyTest : IAsyncLifetime
{
    private PostgresPair? _servers;
    private PostgresDatabase? _database;

    protected static Read ReadName => new(async handling => await handling.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync());

    protected static Write Rename => new(handling => handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "new")));

    protected PostgresPair Servers => _servers!;

    protected PostgresDatabase Database => _database!;

    public virtual async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        _servers = await PostgresPair.StartAsync();
        _database = await _servers.CreateDatabaseAsync("shop");
        await using var db = new ShopContext((DbContextOptions<ShopContext>)new DbContextOptionsBuilder<ShopContext>().UseNpgsql(_database.Primary).Options);
        await db.Database.EnsureCreatedAsync();
        db.Add(new Order { Id = 1, Name = "old" });
        await db.SaveChangesAsync();
        await _servers.CatchUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected ServiceProvider Start(LogLines? log = null, Action<ReplicaOptions>? choices = null)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
            .AddDbContext<ShopContext>(options => options.UseNpgsql(Database.Primary).UseReplica(Database.Replica, choices))
            .AddRoutingBehavior()
            .AddRouteRecorder();
        log?.AddTo(services);
        return services.BuildServiceProvider();
    }

    /// <summary>In a scope, and so a session, of its own.</summary>
    protected static async Task<object?> SendAsync(ServiceProvider services, IRequest<object?> request)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    protected static DatabaseRole LastRoute(ServiceProvider services) => services.GetRequiredService<RouteRecorder>().GetRecords<Read>()[^1].Route;

    /// <summary>As the server's administrator, on a connection of its own.</summary>
    protected static async Task<object?> OnServerAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Username = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
