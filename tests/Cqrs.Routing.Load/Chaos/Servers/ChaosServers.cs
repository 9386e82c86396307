using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Cqrs.Routing.TestServers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cqrs.Routing.Load.Chaos.Servers;

/// <summary>A pair of the run's own, with a proxy between the application and the standby.</summary>
internal sealed class ChaosServers : IAsyncDisposable
{
    /// <summary>What the application's connections begin their name with.</summary>
    public const string ApplicationName = "chaos-";

    private const string DatabaseName = "cqrs_routing_chaos";
    private static readonly TimeSpan MaxStandbyDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PostgresDatabase _direct;

    private ChaosServers(PostgresPair pair, PostgresDatabase database, TcpProxy proxy, string version) => (Pair, _direct, Proxy, Version) = (pair, database, proxy, version);

    public PostgresPair Pair { get; }

    /// <summary>Where the application finds the standby.</summary>
    public TcpProxy Proxy { get; }

    public string Version { get; }

    /// <param name="rows">How many rows the load raises.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<ChaosServers> StartAsync(int rows, CancellationToken cancellationToken)
    {
        var pair = await PostgresPair.StartAsync(maxStandbyDelay: MaxStandbyDelay);
        try
        {
            var database = await pair.CreateDatabaseAsync(DatabaseName, cancellationToken);
            await using var db = Direct(database);
            await db.Database.EnsureCreatedAsync(cancellationToken);
            db.AddRange(Enumerable.Range(0, rows).Select(id => new Row { Id = id }));
            db.AddRange(Contents.Create());
            await db.SaveChangesAsync(cancellationToken);
            await db.Database.ExecuteSqlRawAsync("""CREATE TABLE "Churn" AS SELECT generate_series(1, 2000) AS "Id", 0 AS "Value" """, cancellationToken);
            var version = await db.Database.SqlQuery<string>($"""SELECT current_setting('server_version') AS "Value" """).SingleAsync(cancellationToken);
            await pair.CatchUpAsync(cancellationToken);
            return new(pair, database, TcpProxy.Start(new NpgsqlConnectionStringBuilder(database.Replica).Port), version);
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection strings of one instance of the application, whose replica is the proxy.</summary>
    public PostgresDatabase For(string instance) => new(
        new NpgsqlConnectionStringBuilder(_direct.Primary) { ApplicationName = ApplicationName + instance }.ConnectionString,
        new NpgsqlConnectionStringBuilder(_direct.Replica) { ApplicationName = ApplicationName + instance, Port = Proxy.Port, Timeout = 2 }.ConnectionString);

    /// <summary>A context without routing, on the primary.</summary>
    public LoadContext Primary() => Direct(_direct);

    /// <summary>What a row holds on the primary, asked without routing.</summary>
    public async Task<long> ReadRowAsync(int id)
    {
        await using var db = Primary();
        return await db.Rows.Where(row => row.Id == id).Select(row => row.Value).SingleAsync();
    }

    public Task<object?> OnPrimaryAsync(string sql, CancellationToken cancellationToken) => ExecuteAsync(AsAdministrator(_direct.Primary), sql, cancellationToken);

    /// <summary>Runs a statement on the standby, again until it succeeds: what the run does to the standby hits whoever does it, too.</summary>
    public async Task<object?> OnStandbyAsync(string sql, CancellationToken cancellationToken)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20, cancellationToken))
        {
            try
            {
                return await ExecuteAsync(AsAdministrator(_direct.Replica), sql, cancellationToken);
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(begin) < Patience)
            {
                // A conflict, or it recovers.
            }
        }
    }

    /// <summary>One more connection to the standby, as the application makes them but past the proxy.</summary>
    public async Task<NpgsqlConnection> ConnectToStandbyAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_direct.Replica) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Pair.DisposeAsync();
    }

    private static LoadContext Direct(PostgresDatabase database) => new(new DbContextOptionsBuilder<LoadContext>().UseNpgsql(database.Primary).Options);

    // On a connection of its own, which no fault has broken before.
    private static string AsAdministrator(string server) => new NpgsqlConnectionStringBuilder(server) { Username = "postgres", Pooling = false }.ConnectionString;

    private static async Task<object?> ExecuteAsync(string server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
