using Microsoft.Data.SqlClient;
using Testcontainers.MsSql;

namespace Cqrs.Routing.TestServers;

/// <summary>
/// A SQL Server in a container, or the one named by <c>CQRS_ROUTING_SQLSERVER</c>, whose database snapshots serve as replicas:
/// <see cref="RefreshSnapshotAsync"/> is the replication, so lag is whatever a test wants.
/// </summary>
public sealed class SqlServerContainer : IAsyncDisposable
{
    private const string Variable = "CQRS_ROUTING_SQLSERVER";
    private static readonly Lazy<Task<SqlServerContainer>> SharedContainer = new(StartAsync);
    private readonly MsSqlContainer? _container;

    private SqlServerContainer(string connectionString, MsSqlContainer? container) =>
        (ConnectionString, _container) = (connectionString, container);

    /// <summary>Null when a server can be had; otherwise how to get one. Never set when <c>CQRS_ROUTING_REQUIRE_SQLSERVER=1</c>.</summary>
    public static string? SkipReason { get; } = IsSupplied || Switch.IsOn("CQRS_ROUTING_REQUIRE_SQLSERVER") || DockerEngine.Answers()
        ? null
        : $"No Docker engine answers. Start Docker, or set {Variable} to the connection string of a SQL Server on which databases may be created.";

    public string ConnectionString { get; }

    private static bool IsSupplied => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>The one server of this process, started at first use. It goes with the process, so nobody disposes it.</summary>
    public static Task<SqlServerContainer> SharedAsync() => SharedContainer.Value;

    /// <summary>Creates an empty database and its first snapshot, replacing older ones of that name.</summary>
    public async Task<SqlServerDatabase> CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        var database = new SqlServerDatabase(name, InDatabase(name), InDatabase($"{name}_snapshot"));
        await DropSnapshotAsync(database, cancellationToken);
        await ExecuteAsync(
            $"""
            IF DB_ID('{name}') IS NOT NULL ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE;
            DROP DATABASE IF EXISTS [{name}];
            CREATE DATABASE [{name}];
            """,
            cancellationToken);
        await CreateSnapshotAsync(database, cancellationToken);
        return database;
    }

    /// <summary>"Replicates": the replica now shows the primary's present state. Open connections to the replica are closed.</summary>
    public async Task RefreshSnapshotAsync(SqlServerDatabase database, CancellationToken cancellationToken = default)
    {
        await DropSnapshotAsync(database, cancellationToken);
        await CreateSnapshotAsync(database, cancellationToken);
    }

    public ValueTask DisposeAsync() => _container?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<SqlServerContainer> StartAsync()
    {
        if (IsSupplied)
            return new(Environment.GetEnvironmentVariable(Variable)!, container: null);

#pragma warning disable CS0618 // The image that Testcontainers itself is tested with; newer ones are named by the server's owner.
        var container = new MsSqlBuilder(MsSqlBuilder.MsSqlImage).Build();
#pragma warning restore CS0618
        await container.StartAsync();
        return new(container.GetConnectionString(), container);
    }

    private string InDatabase(string name) => new SqlConnectionStringBuilder(ConnectionString) { InitialCatalog = name }.ConnectionString;

    private Task CreateSnapshotAsync(SqlServerDatabase database, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        DECLARE @file nvarchar(400) = CONVERT(nvarchar(300), SERVERPROPERTY('InstanceDefaultDataPath')) + '{database.Snapshot}.ss';
        EXEC('CREATE DATABASE [{database.Snapshot}] ON (NAME = [{database.Name}], FILENAME = ''' + @file + ''') AS SNAPSHOT OF [{database.Name}]');
        """,
        cancellationToken);

    private Task DropSnapshotAsync(SqlServerDatabase database, CancellationToken cancellationToken)
    {
        using (var pooled = new SqlConnection(database.Replica))
            SqlConnection.ClearPool(pooled);

        // A snapshot knows no SINGLE_USER, so whoever still reads it is sent away one by one.
        return ExecuteAsync(
            $"""
            DECLARE @readers nvarchar(max) =
                (SELECT STRING_AGG(CONCAT('KILL ', session_id), ';') FROM sys.dm_exec_sessions
                WHERE database_id = DB_ID('{database.Snapshot}') AND is_user_process = 1);
            EXEC(@readers);
            WHILE EXISTS (SELECT 1 FROM sys.dm_exec_sessions WHERE database_id = DB_ID('{database.Snapshot}') AND is_user_process = 1)
                WAITFOR DELAY '00:00:00.020';
            DROP DATABASE IF EXISTS [{database.Snapshot}];
            """,
            cancellationToken);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
