using System.Diagnostics;
using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.Providers;
using Cqrs.Routing.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Health;

/// <summary>The role of the server behind the replica's connection string.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ReplicaRoleTests(PairFixture<PostgresPairDatabase> fixture) : HealthTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private static Read ReadPort => new(async scope => (await scope.Db.Database.SqlQueryRaw<int>("SELECT current_setting('port')::int AS \"Value\"").ToListAsync()).Single());

    [Fact]
    public async Task A_standby_that_was_promoted_is_left_alone()
    {
        await using var pair = await PostgresPair.StartAsync();
        var database = await CreateShopAsync(pair);
        var log = new LogLines();
        await using var app = StartOn(database.Primary, database.Replica, log);
        await ReadUntilAsync(app, RouteReason.Query);

        await ExecuteAsync(AsSuperuser(pair.ReplicaConnectionString), "SELECT pg_promote()");

        await ReadUntilAsync(app, RouteReason.NotAReplica);
        (await app.SendAsync(ReadPort)).ShouldBe(new NpgsqlConnectionStringBuilder(database.Primary).Port);
        log.All.Where(line => line.Contains("is not a replica of its primary", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldContain("it was promoted and takes writes of its own");
    }

    [Fact]
    public async Task A_replica_of_another_primary_is_left_alone()
    {
        await using var stranger = await PostgresPair.StartAsync();
        var database = await CreateShopAsync(stranger, new NpgsqlConnectionStringBuilder(Pair.Primary).Database!);
        var log = new LogLines();
        await using var app = StartOn(Pair.Primary, database.Replica, log);

        await ReadUntilAsync(app, RouteReason.NotAReplica);

        log.All.Where(line => line.Contains("is not a replica of its primary", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("it holds another database");
    }

    [Theory]
    [Trait("Case", "C204")]
    [InlineData("")]
    [InlineData(";Application Name=another name for it")]
    public async Task The_primary_itself_may_stand_for_the_replica(string difference)
    {
        await using var app = StartOn(Pair.Primary, Pair.Primary + difference, replica: replica => replica.MaxLag = TimeSpan.FromMilliseconds(1));

        await ReadUntilMeasuredAsync(app, 3);

        (await ReasonAsync(app)).ShouldBe(RouteReason.Query);
        (await HealthOfAsync(app)).Status!.Role.ShouldBe(ReplicaRole.Primary);
    }

    [Fact]
    public async Task A_lagging_replica_serves_when_there_is_no_primary_to_take_over()
    {
        await using var pair = await PostgresPair.StartAsync();
        var database = await CreateShopAsync(pair);
        await using var app = StartOn(database.Primary, database.Replica, replica: replica => replica.MaxLagBytes = 100);
        await pair.PauseReplayAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(database.Primary, "SELECT pg_logical_emit_message(true, 'lag', repeat('x', 1000))");
        await ReadUntilAsync(app, RouteReason.ReplicaLagging);

        await ExecuteAsync(AsSuperuser(database.Primary), "ALTER ROLE app NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");

        // Until that is measured, queries go to a primary that is no more.
        for (var clock = Stopwatch.StartNew(); await TryReadAsync(app) != RouteReason.Query;)
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        (await HealthOfAsync(app)).Status!.PrimaryError.ShouldNotBeNull();
    }

    [Fact]
    [Trait("Case", "C245")]
    public async Task A_replica_that_does_not_answer_a_measurement_has_failed()
    {
        await using var app = StartOn(Pair.Primary, new NpgsqlConnectionStringBuilder(Pair.Replica) { Port = 1 }.ConnectionString);
        var health = await HealthOfAsync(app);

        for (var measured = 0; measured < 3; measured++)
            await MeasureAsync(app);

        health.Status!.Error.ShouldNotBeNull();
        health.Status.Refusal.ShouldBeNull();
        health.IsBroken.ShouldBeTrue();
        health.Refusal.ShouldBe(RouteReason.ReplicaUnavailable);
    }

    [Fact]
    public async Task A_connection_that_died_in_the_pool_is_no_failure()
    {
        await using var app = StartOn(Pair.Primary, Pair.Replica + ";Application Name=dies");
        await MeasureAsync(app);
        await ExecuteAsync(AsSuperuser(Pair.Replica), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dies'");

        await MeasureAsync(app);

        var health = await HealthOfAsync(app);
        health.Status!.Error.ShouldBeNull();
        health.Status.Role.ShouldBe(ReplicaRole.Replica);
    }

    [Fact]
    public async Task A_server_that_may_not_be_asked_for_its_identity_serves_and_is_logged_once()
    {
        await using var pair = await PostgresPair.StartAsync();
        var database = await CreateShopAsync(pair);
        await ExecuteAsync(AsSuperuser(database.Primary), "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        await pair.CatchUpAsync(TestContext.Current.CancellationToken);
        var log = new LogLines();
        await using var app = StartOn(database.Primary, database.Replica, log);

        await ReadUntilMeasuredAsync(app, 2);

        (await ReasonAsync(app)).ShouldBe(RouteReason.Query);
        (await HealthOfAsync(app)).IsBroken.ShouldBeFalse();
        log.All.Where(line => line.Contains("It cannot be determined whether the replica", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    private static async Task<RouteReason?> TryReadAsync(RoutedApp app)
    {
        try
        {
            return await ReasonAsync(app);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<PostgresDatabase> CreateShopAsync(PostgresPair pair, string name = "shop")
    {
        var database = await pair.CreateDatabaseAsync(name, TestContext.Current.CancellationToken);
        await using var db = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseNpgsql(database.Primary).Options);
        await db.Database.EnsureCreatedAsync();
        db.Add(new Order { Id = 1, Name = "a", Customer = new() { Id = 1, Email = "ada@example.org" }, ShipTo = new() { City = "London" } });
        await db.SaveChangesAsync();
        await pair.CatchUpAsync(TestContext.Current.CancellationToken);
        return database;
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static string AsSuperuser(string server) => new NpgsqlConnectionStringBuilder(server) { Username = "postgres" }.ConnectionString;

    private RoutedApp StartOn(string primary, string replicaString, LogLines? log = null, Action<ReplicaOptions>? replica = null) => Start(options =>
    {
        options.AddContexts = (services, commands) => services.AddDbContext<ShopContext>(context => context
            .UseNpgsql(primary)
            .UseReplica(replicaString, choices =>
            {
                choices.MonitorInterval = TimeSpan.FromMilliseconds(20);
                replica?.Invoke(choices);
            })
            .AddInterceptors(commands));
        options.ConfigureServicesLater = log is null ? null : log.AddTo;
    });
}
