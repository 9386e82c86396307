using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.Testing;

/// <summary>A connection to one of the two files. Only replication uses it, and it stays open.</summary>
/// <remarks>Both files use a write-ahead log, so that readers see the state before or after a copy, and neither side waits for the other.</remarks>
internal sealed class ReplicationConnection : IDisposable
{
    public ReplicationConnection(string connectionString)
    {
        Sqlite = new(connectionString);
        Sqlite.Open();

        // A copy waits this long (in milliseconds) for a file lock, then fails.
        Run("PRAGMA busy_timeout = 5000");
        Run("PRAGMA journal_mode = wal");
    }

    public SqliteConnection Sqlite { get; }

    /// <summary>Returns a number that changes when another connection commits.</summary>
    public long DataVersion() => (long)Run("PRAGMA data_version")!;

    /// <summary>Replaces this file with a copy of another database, by SQLite's online backup. Readers see the copy as one transaction.</summary>
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
