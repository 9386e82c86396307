using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.TestServers;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A standby that was promoted by mistake goes its own way: how far it is says nothing about the primary any more.</summary>
public sealed class PromotedStandbyTests : IAsyncLifetime
{
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
        await _servers.CatchUpAsync();

        await using var standby = NpgsqlDataSource.Create(_servers.ReplicaConnectionString);
        await ExecuteAsync(standby, "SELECT pg_promote(wait => true)");
        // Further than the primary will be.
        await ExecuteAsync(standby, "SELECT pg_logical_emit_message(true, 'own', repeat('x', 1000000))");
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    [Fact]
    public async Task It_serves_no_session_that_wrote()
    {
        var log = new LogLines();
        var collection = new ServiceCollection()
            .AddLogging()
            .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
            .AddDbContext<ShopContext>(options => options.UseNpgsql(_database!.Primary).UseReplica(_database.Replica))
            .AddRoutingBehavior();
        log.AddTo(collection);
        await using var services = collection.BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();

        await sender.Send(new Write(async handling =>
            await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "new"))));

        (await sender.Send(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe("new");
        log.All.ShouldContain(line => line.Contains("the replica cannot be read", StringComparison.Ordinal) && line.Contains("not in recovery", StringComparison.Ordinal));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
