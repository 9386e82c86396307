using Cqrs.Routing.TestServers;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Two standbys behind one connection string, one of which does not replay.</summary>
public sealed class LoadBalancedTests : IAsyncLifetime
{
    private const int Queries = 40;

    private PostgresPair? _servers;
    private PostgresDatabase? _database;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        _servers = await PostgresPair.StartAsync(secondReplica: true);
        _database = await _servers.CreateDatabaseAsync("shop");
        await using var db = Primary();
        await db.Database.EnsureCreatedAsync();
        db.Add(new Order { Id = 1, Name = "old" });
        await db.SaveChangesAsync();
        await _servers.CatchUpAsync();

        await using var second = NpgsqlDataSource.Create(_servers.SecondReplicaConnectionString!);
        while (await ScalarAsync(second, "SELECT pg_last_wal_replay_lsn()::text") is not string replayed
            || !await IsAtAsync(replayed))
        {
            await Task.Yield();
        }

        await ScalarAsync(second, "SELECT pg_wal_replay_pause()");
        while (await ScalarAsync(second, "SELECT pg_get_wal_replay_pause_state()") is not "paused")
            await Task.Yield();
        await db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "new"));
        await _servers.CatchUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    [Fact]
    [Trait("Case", "C238")]
    public async Task Behind_a_load_balancer_a_session_never_reads_an_older_state()
    {
        var (names, onReplica) = await ReadAsync(loadBalanced: null);

        names.SkipWhile(name => name == "old").ShouldAllBe(name => name == "new");
        names.ShouldContain("new");
        onReplica.ShouldBeGreaterThan(Queries / 4);
    }

    [Fact]
    public async Task Two_standbys_that_are_taken_for_one_server_show_a_session_an_older_state()
    {
        var (names, _) = await ReadAsync(loadBalanced: false);

        names.SkipWhile(name => name == "old").ShouldContain("old");
    }

    private async Task<(IReadOnlyList<string?> Names, int OnReplica)> ReadAsync(bool? loadBalanced)
    {
        var replicas = new NpgsqlConnectionStringBuilder(_database!.Replica)
        {
            Host = $"{HostOf(_servers!.ReplicaConnectionString)},{HostOf(_servers.SecondReplicaConnectionString!)}",
            LoadBalanceHosts = true,
        };
        replicas.Remove("Port");
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
            .AddDbContext<ShopContext>(options => options
                .UseNpgsql(_database.Primary)
                .UseReplica(replicas.ConnectionString, replica => replica.IsLoadBalanced = loadBalanced))
            .AddRoutingBehavior()
            .AddRouteRecorder()
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var names = new List<string?>();
        for (var query = 0; query < Queries; query++)
        {
            names.Add((string?)await scope.ServiceProvider.GetRequiredService<ISender>().Send(
                new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name)));
        }

        var routes = services.GetRequiredService<RouteRecorder>().Records.Where(record => record.Context is not null);
        return (names, routes.Count(record => record.Route == DatabaseRole.Replica));
    }

    private ShopContext Primary() => new((DbContextOptions<ShopContext>)new DbContextOptionsBuilder<ShopContext>().UseNpgsql(_database!.Primary).Options);

    private async Task<bool> IsAtAsync(string replayed)
    {
        await using var primary = NpgsqlDataSource.Create(_database!.Primary);
        return await ScalarAsync(primary, $"SELECT pg_current_wal_flush_lsn() <= '{replayed}'") is true;
    }

    private static string HostOf(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{server.Host}:{server.Port}";
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
