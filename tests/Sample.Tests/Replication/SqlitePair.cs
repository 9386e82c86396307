using Microsoft.Data.Sqlite;
using Sample.Infrastructure.Sqlite;

namespace Sample.Tests.Replication;

/// <summary>A primary file with one table, its replica, and the replicator between them, driven by hand.</summary>
internal sealed class SqlitePair : IDisposable
{
    private readonly SqliteFiles _files = new();

    public SqlitePair(TimeProvider time)
    {
        Replicator = new(_files.Primary, _files.Replica, time);
        using var primary = Open(_files.Primary);
        Run(primary, "PRAGMA journal_mode = wal");
        Run(primary, "CREATE TABLE Rows (Id INTEGER PRIMARY KEY)");
        Replicator.CatchUpAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public SqliteReplicator Replicator { get; }

    public long ReplicaLogLength => new FileInfo(new SqliteConnectionStringBuilder(_files.Replica).DataSource + "-wal").Length;

    public void Write(int id)
    {
        using var primary = Open(_files.Primary);
        Run(primary, $"INSERT INTO Rows VALUES ({id})");
    }

    public IDisposable WriteUncommitted(int id)
    {
        var primary = Open(_files.Primary);
        Run(primary, "BEGIN");
        Run(primary, $"INSERT INTO Rows VALUES ({id})");
        return primary;
    }

    public long RowsOnReplica()
    {
        using var replica = Open(_files.Replica);
        return Rows(replica);
    }

    public IDisposable BeginReading(out Func<long> rows)
    {
        var replica = Open(_files.Replica);
        Run(replica, "BEGIN");
        rows = () => Rows(replica);
        return replica;
    }

    public void Dispose()
    {
        Replicator.Dispose();
        _files.Dispose();
    }

    private static long Rows(SqliteConnection connection) => (long)Run(connection, "SELECT COUNT(*) FROM Rows")!;

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString + ";Pooling=False");
        connection.Open();
        return connection;
    }

    private static object? Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
