using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.TestServers;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A primary with two standbys of the test's own. All hold one order, "old".</summary>
public abstract class TwoStandbysTest : IAsyncLifetime
{
    private readonly EphemeralDataProtectionProvider _keys = new();
    private PostgresPair? _servers;

    protected string Primary { get; private set; } = "";

    protected string First { get; private set; } = "";

    protected string Second { get; private set; } = "";

    protected LogLines Log { get; } = new();

    protected static Write Rename(string name) => new(handling => handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, name)));

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        _servers = await PostgresPair.StartAsync(secondReplica: true);
        var database = await _servers.CreateDatabaseAsync("shop");
        (Primary, First) = (database.Primary, database.Replica);
        Second = new NpgsqlConnectionStringBuilder(_servers.SecondReplicaConnectionString) { Database = "shop" }.ConnectionString;
        await using var db = new ShopContext((DbContextOptions<ShopContext>)new DbContextOptionsBuilder<ShopContext>().UseNpgsql(Primary).Options);
        await db.Database.EnsureCreatedAsync();
        db.Add(new Order { Id = 1, Name = "old" });
        await db.SaveChangesAsync();
        await CaughtUpAsync(First);
        await CaughtUpAsync(Second);
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An instance of the application. <see cref="OtherContext"/> has a replica of its own if one is named.</summary>
    protected ServiceProvider Start(string primary, string replica, string? othersReplica = null)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
            .AddDbContext<ShopContext>(options => options.UseNpgsql(primary).UseReplica(replica))
            .AddDbContext<OtherContext>(options => options.UseNpgsql(primary).UseReplica(othersReplica))
            .AddSingleton<IDataProtectionProvider>(_keys)
            .AddRoutingBehavior()
            .AddRouteRecorder();
        Log.AddTo(services);
        return services.BuildServiceProvider();
    }

    /// <summary>One request of a user who comes back with a token.</summary>
    protected static async Task<(object? Result, string? Token)> RequestAsync(ServiceProvider services, string? token, IRequest<object?> request)
    {
        await using var scope = services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<RoutingSession>();
        session.TryResume(token);
        var result = await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
        return (result, await session.GetTokenAsync());
    }

    protected static Read NameFrom<TContext>()
        where TContext : ShopContext
        => new(async handling => await handling.Services.GetRequiredService<TContext>().Orders.AsNoTracking().Select(order => order.Name).SingleAsync());

    protected static RouteRecord LastOf(ServiceProvider services) => services.GetRequiredService<RouteRecorder>().GetRecords<Read>().Last(record => record.Context is not null);

    protected async Task CaughtUpAsync(string standby)
    {
        var position = await OnServerAsync(Primary, "SELECT pg_logical_emit_message(true, 'catch', 'up'); SELECT pg_current_wal_flush_lsn()::text");
        await UntilAsync(standby, $"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn");
    }

    protected static async Task UntilAsync(string server, string condition)
    {
        for (var attempt = 0; !(bool)(await OnServerAsync(server, condition))!; attempt++)
        {
            attempt.ShouldBeLessThan(2000, condition);
            await Task.Delay(10);
        }
    }

    /// <summary>As the server's administrator, on a connection of its own; the last statement's value.</summary>
    protected static async Task<object?> OnServerAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Username = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        object? last = null;
        foreach (var statement in sql.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            last = await command.ExecuteScalarAsync();
        }

        return last;
    }

    public sealed class OtherContext(DbContextOptions<OtherContext> options) : ShopContext(options);
}
