using System.Diagnostics;
using Npgsql;

namespace Cqrs.Routing.TestServers;

/// <summary>
/// A PostgreSQL primary with a streaming hot standby: the pair named by <c>CQRS_ROUTING_PG_PRIMARY</c> and <c>CQRS_ROUTING_PG_REPLICA</c>,
/// or one started from installed binaries.
/// </summary>
/// <remarks>Replay is paused for the whole standby, so tests that pause it must not run in parallel with tests that need it.</remarks>
public sealed partial class PostgresPair : IAsyncDisposable
{
    private const string PrimaryVariable = "CQRS_ROUTING_PG_PRIMARY";
    private const string ReplicaVariable = "CQRS_ROUTING_PG_REPLICA";
    private const string SecondReplicaVariable = "CQRS_ROUTING_PG_REPLICA2";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Lazy<Task<PostgresPair>> SharedPair = new(ShareAsync);
    private readonly string? _directory;

    private PostgresPair(string primary, string replica, string? directory) =>
        (PrimaryConnectionString, ReplicaConnectionString, _directory) = (primary, replica, directory);

    /// <summary>Null when a pair can be had; otherwise how to get one. Never set when <c>CQRS_ROUTING_REQUIRE_POSTGRES=1</c>.</summary>
    public static string? SkipReason { get; } =
        IsSupplied || Switch.IsOn("CQRS_ROUTING_REQUIRE_POSTGRES") || PostgresScript.Problem() is not { } problem
            ? null
            : $"{problem} Or set {PrimaryVariable} and {ReplicaVariable} to the connection strings of a primary and its standby.";

    public string PrimaryConnectionString { get; }

    public string ReplicaConnectionString { get; }

    /// <summary>Null unless it was asked for.</summary>
    public string? SecondReplicaConnectionString { get; private init; }

    private static bool IsSupplied => Environment.GetEnvironmentVariable(PrimaryVariable) is { Length: > 0 };

    /// <summary>The one pair of this process, supplied or started at first use. It stops with the process, so nobody disposes it.</summary>
    public static Task<PostgresPair> SharedAsync() => SharedPair.Value;

    /// <summary>A pair of the caller's own, for tests that do to the servers what others must not see.</summary>
    /// <param name="secondReplica">Whether there is another standby, <see cref="SecondReplicaConnectionString"/>.</param>
    /// <param name="maxStandbyDelay">How long replay waits for a standby's query before it cancels it. Default 30 seconds.</param>
    public static Task<PostgresPair> StartAsync(bool secondReplica = false, TimeSpan? maxStandbyDelay = null) => Task.Run(() =>
    {
        var directory = Path.Combine(Path.GetTempPath(), $"cqrs-routing-postgres-{Guid.NewGuid():N}");
        var exports = PostgresScript.Start(directory, secondReplica, maxStandbyDelay);
        return new PostgresPair(exports[PrimaryVariable], exports[ReplicaVariable], directory)
        {
            SecondReplicaConnectionString = exports.GetValueOrDefault(SecondReplicaVariable),
        };
    });

    /// <summary>Creates an empty database, replacing an older one of that name, and returns once the standby has it too.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        var database = new PostgresDatabase(InDatabase(PrimaryConnectionString, name), InDatabase(ReplicaConnectionString, name));
        ClearPool(database.Primary);
        ClearPool(database.Replica);
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(name);
        await using var primary = NpgsqlDataSource.Create(PrimaryConnectionString);
        await primary.ExecuteAsync($"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)", cancellationToken);
        await primary.ExecuteAsync($"CREATE DATABASE {quoted}", cancellationToken);
        await CatchUpAsync(cancellationToken);
        return database;
    }

    /// <summary>Freezes the standby: it keeps receiving what the primary writes and shows none of it.</summary>
    public async Task PauseReplayAsync(CancellationToken cancellationToken = default)
    {
        await using var replica = NpgsqlDataSource.Create(ReplicaConnectionString);
        await replica.ExecuteAsync("SELECT pg_wal_replay_pause()", cancellationToken);
        await WaitUntilAsync(replica, "SELECT pg_get_wal_replay_pause_state() = 'paused'", "pause replay", cancellationToken);
    }

    /// <summary>Releases the standby. <see cref="CatchUpAsync"/> waits until it shows what was written meanwhile.</summary>
    public async Task ResumeReplayAsync(CancellationToken cancellationToken = default)
    {
        await using var replica = NpgsqlDataSource.Create(ReplicaConnectionString);
        await replica.ExecuteAsync("SELECT pg_wal_replay_resume()", cancellationToken);
    }

    /// <summary>Returns once the standby shows everything that was committed before the call.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        await using var primary = NpgsqlDataSource.Create(PrimaryConnectionString);
        await using var replica = NpgsqlDataSource.Create(ReplicaConnectionString);
        if (await replica.ScalarAsync<bool>("SELECT pg_is_wal_replay_paused()", cancellationToken))
            throw new InvalidOperationException($"The standby cannot catch up while replay is paused: call {nameof(ResumeReplayAsync)} first.");

        // Flushed rather than inserted, since what is not flushed is not sent; and flushed by a commit of our own, so that it is all that was committed before.
        await primary.ExecuteAsync("SELECT pg_logical_emit_message(true, 'cqrs-routing', 'catch up')", cancellationToken);
        var position = await primary.ScalarAsync<string>("SELECT pg_current_wal_flush_lsn()::text", cancellationToken);
        await WaitUntilAsync(replica, $"SELECT pg_last_wal_replay_lsn() >= '{position}'", $"replay up to {position}", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
            await Task.Run(() => PostgresScript.Stop(_directory));
    }

    private static Task<PostgresPair> ShareAsync() => IsSupplied
        ? Task.FromResult(new PostgresPair(Variable(PrimaryVariable), Variable(ReplicaVariable), directory: null))
        : StartAsync();

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{PrimaryVariable} and {ReplicaVariable} go together: {name} is not set.");

    private static string InDatabase(string connectionString, string name) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ConnectionString;

    private static void ClearPool(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private static async Task WaitUntilAsync(NpgsqlDataSource server, string condition, string what, CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); !await server.ScalarAsync<bool>(condition, cancellationToken);)
        {
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"The standby did not {what} within {Patience.TotalSeconds} seconds.");

            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }
}
