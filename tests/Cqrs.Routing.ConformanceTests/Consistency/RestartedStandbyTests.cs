using Cqrs.Routing.Testing;
using Cqrs.Routing.TestServers;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A standby that crashes comes back where it last wrote everything down, which is less than it had shown before: for a while its time has gone backwards.</summary>
public sealed class RestartedStandbyTests : IAsyncLifetime
{
    // Applies what is committed later than it would otherwise: here, not within the test.
    private const string Delay = "ALTER SYSTEM SET recovery_min_apply_delay = '10min'";
    private const string NoDelay = "ALTER SYSTEM RESET recovery_min_apply_delay";

    private PostgresPair? _servers;
    private PostgresDatabase? _database;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        _servers = await PostgresPair.StartAsync();
        _database = await _servers.CreateDatabaseAsync("shop");
        await using var db = new ShopContext((DbContextOptions<ShopContext>)new DbContextOptionsBuilder<ShopContext>().UseNpgsql(_database.Primary).Options);
        await db.Database.EnsureCreatedAsync();
        db.Add(new Order { Id = 1, Name = "old" });
        await db.SaveChangesAsync();
        await OnServerAsync(_database.Primary, "CHECKPOINT");
        await _servers.CatchUpAsync();
        await OnServerAsync(_database.Replica, "CHECKPOINT");
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    [Fact]
    public async Task What_a_session_saw_on_it_it_still_sees()
    {
        await using var services = Start();
        await WriteAsync(services);
        (await ReadAsync(services)).ShouldBe(("new", Route.Replica));

        await CrashAsync();

        // The first one meets the pool's dead connection. The others get a new one, and have nothing of which anybody would know that the replica lacks it.
        for (var query = 0; query < 5; query++)
            (await ReadAsync(services)).ShouldBe(("new", Route.Primary));

        await ComeBackAsync();
        for (var query = 0; query < 2; query++)
            (await ReadAsync(services)).ShouldBe(("new", Route.Replica));
    }

    private ServiceProvider Start() => new ServiceCollection()
        .AddLogging()
        .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
        .AddDbContext<ShopContext>(options => options
            .UseNpgsql(_database!.Primary)
            .UseReplica(_database.Replica, choices => (choices.MonitorInterval, choices.BreakDuration) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(1))))
        .AddRoutingBehavior()
        .AddRouteRecorder()
        .BuildServiceProvider();

    private async Task WriteAsync(ServiceProvider services)
    {
        await using (var scope = services.CreateAsyncScope())
        {
            var rename = new Write(command => command.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "new")));
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(rename);
        }

        await _servers!.CatchUpAsync();
    }

    // In a scope of its own, whose session has nothing left to ask for: any replica would do.
    private static async Task<(string Name, Route Route)> ReadAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var name = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync()));
        return ((string)name!, services.GetRequiredService<RouteRecorder>().Of<Read>()[^1].Route);
    }

    private async Task CrashAsync()
    {
        await OnServerAsync(_database!.Replica, Delay);
        await _servers!.StopStandbyAsync(immediately: true);
        await _servers.StartStandbyAsync();
        (await OnServerAsync(_database.Replica, "SELECT \"Name\" FROM \"Orders\"")).ShouldBe("old", "or this test shows nothing");
    }

    private async Task ComeBackAsync()
    {
        await OnServerAsync(_database!.Replica, NoDelay);
        await OnServerAsync(_database.Replica, "SELECT pg_reload_conf()");
        await _servers!.CatchUpAsync();
    }

    private static async Task<object?> OnServerAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Username = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
