using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>The base class of tests that stop a hot standby. Rows are called "replicated" on the standby and "current" on the primary.</summary>
[Collection(PostgresCollection.Name)]
public abstract class FailureTest(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair)
{
    /// <summary>A hundred thousand, which is more than the sockets' buffers hold: the server is still sending when it dies.</summary>
    protected const string ManyRows = "SELECT repeat('x', 1000) AS \"Value\" FROM generate_series(1, 100000)";

    // A circuit and a budget are shared by all contexts of a server that have the same settings.
    private static int Tests;

    // Of this test alone, as a pool is shared by all who use the same string.
    private readonly string _application = $"test-{Guid.NewGuid():N}";

    protected int Settings { get; } = 100_000 + Interlocked.Increment(ref Tests);

    /// <summary>The standby.</summary>
    protected string Standby => new NpgsqlConnectionStringBuilder(Pair.Replica) { ApplicationName = _application }.ConnectionString;

    /// <summary>A port that nobody listens on.</summary>
    protected string Refusing
    {
        get
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return At(((IPEndPoint)listener.LocalEndpoint).Port);
        }
    }

    protected static Read ReadName => new(async handling => await NameAsync(handling.Db));

    protected static Task<string> NameAsync(ShopContext db) => db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync();

    protected static RouteRecord LastRoute(RoutedApp app) => app.Routes.GetRecords<Read>().Last(record => record.Context is not null);

    protected string At(int port) => new NpgsqlConnectionStringBuilder(Pair.Replica)
    {
        Host = "127.0.0.1",
        Port = port,
        ApplicationName = _application,
        Timeout = 1,
        // Else Npgsql may connect again by itself, unencrypted, and one open would be two connections.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    protected RoutedApp StartOn(string replica, Action<ReplicaOptions>? choices = null, Action<RoutedAppOptions>? configure = null) => Start(options =>
    {
        // A measurement would find the broken sockets of a pool first.
        options.ConfigureContext = (context, _) => context.UseReplica(replica, replicaOptions =>
        {
            replicaOptions.MonitorInterval = TimeSpan.Zero;
            replicaOptions.MaxFallbacksPerSecond = Settings;
            choices?.Invoke(replicaOptions);
        });
        configure?.Invoke(options);
    });

    /// <summary>Breaks all sockets that the test's application has to the standby.</summary>
    protected async Task BreakSocketsAsync() => await BreakSocketsAsync(Pair.Replica, _application);

    protected static async Task BreakSocketsAsync(string server, string application)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = $1", connection);
        command.Parameters.Add(new() { Value = application });
        (await command.ExecuteScalarAsync()).ShouldBeOfType<long>().ShouldBeGreaterThan(0);
    }
}
