using Microsoft.Data.Sqlite;

namespace Sample.Infrastructure.Sqlite;

/// <summary>A connection that belongs to the replicator alone and stays open.</summary>
internal sealed class ReplicationConnection : IDisposable
{
    public ReplicationConnection(string connectionString, SqliteOpenMode mode)
    {
        Sqlite = new(new SqliteConnectionStringBuilder(connectionString) { Mode = mode, Pooling = false }.ToString());
        Sqlite.Open();

        // A backup waits this long (milliseconds) for a file lock, then fails.
        Run("PRAGMA busy_timeout = 5000");
        if (mode != SqliteOpenMode.ReadOnly)
            Run("PRAGMA journal_mode = wal");
    }

    public SqliteConnection Sqlite { get; }

    /// <summary>A number that changes when another connection commits.</summary>
    public long DataVersion() => (long)Run("PRAGMA data_version")!;

    /// <summary>What the file has of the counter; null before there is one.</summary>
    public long? Position() =>
        Run("SELECT 1 FROM sqlite_master WHERE name = 'replication_position'") is null ? null : (long?)Run("SELECT value FROM replication_position");

    /// <summary>Moves the write-ahead log into the file; without it, backups would make the log grow for ever.</summary>
    public void Checkpoint() => Run("PRAGMA wal_checkpoint");

    public void Dispose() => Sqlite.Dispose();

    private object? Run(string sql)
    {
        using var command = Sqlite.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
