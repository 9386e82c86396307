using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.Testing;

/// <summary>The committed state of the primary at one point in time, held in memory.</summary>
internal sealed class Snapshot : IDisposable
{
    public Snapshot(SqliteConnection primary)
    {
        Sqlite.Open();
        primary.BackupDatabase(Sqlite);
    }

    public SqliteConnection Sqlite { get; } = new("Data Source=:memory:");

    public void Dispose() => Sqlite.Dispose();
}
