using Microsoft.Data.Sqlite;

namespace Sample.Infrastructure.Sqlite;

/// <summary>The committed state of the primary at one moment, in memory.</summary>
internal sealed class Snapshot : IDisposable
{
    private readonly SqliteConnection _memory = new("Data Source=:memory:");

    public Snapshot(SqliteConnection primary, long takenAt)
    {
        TakenAt = takenAt;
        _memory.Open();
        primary.BackupDatabase(_memory);
    }

    /// <summary>A timestamp of the replicator's <see cref="TimeProvider"/>.</summary>
    public long TakenAt { get; }

    public void ApplyTo(SqliteConnection replica) => _memory.BackupDatabase(replica);

    public void Dispose() => _memory.Dispose();
}
