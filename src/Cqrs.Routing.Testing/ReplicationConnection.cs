using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.Testing;

/// <summary>A connection to one of the two files that belongs to replication alone and stays open.</summary>
/// <remarks>Both files keep a write-ahead log, so that readers see the state before or after a copy and neither side waits for the other.</remarks>
internal sealed class ReplicationConnection : IDisposable
{
    public ReplicationConnection(string connectionString)
    {
        Sqlite = new(connectionString);
        Sqlite.Open();

        // A copy waits this long (milliseconds) for a file lock, then fails.
        Run("PRAGMA busy_timeout = 5000");
        Run("PRAGMA journal_mode = wal");
    }

    public SqliteConnection Sqlite { get; }

    /// <summary>A number that changes when another connection commits.</summary>
    public long DataVersion() => (long)Run("PRAGMA data_version")!;

    /// <summary>Makes this file a copy of another database: SQLite's online backup, one transaction to its readers.</summary>
    public void Show(SqliteConnection other)
    {
        other.BackupDatabase(Sqlite);
        Run("PRAGMA wal_checkpoint");
    }

    public void Dispose() => Sqlite.Dispose();

    private object? Run(string sql)
    {
        using var command = Sqlite.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
