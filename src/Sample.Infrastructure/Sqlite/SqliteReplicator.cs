using Microsoft.Data.Sqlite;
using Sample.Infrastructure.Replication;

namespace Sample.Infrastructure.Sqlite;

/// <summary>
/// Replicates one SQLite file to another: <see cref="Tick"/> copies what was committed on the primary into a snapshot, and shows a
/// snapshot on the replica once it is as old as <see cref="Delay"/>.
/// </summary>
/// <remarks>
/// Thread-safe. Both copies are SQLite's online backup. The replica is in WAL mode, so a backup is one transaction to its readers: they
/// see the state before it or after it and never wait for it.
/// </remarks>
internal sealed class SqliteReplicator(string primary, string replica, TimeProvider time) : IReplication, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Snapshot> _pending = new();
    private readonly Lazy<ReplicationConnection> _primary = new(() => new(primary, SqliteOpenMode.ReadOnly));
    private readonly Lazy<ReplicationConnection> _replica = new(() => new(replica, SqliteOpenMode.ReadWriteCreate));
    private long _seenVersion;
    private bool _paused;

    public TimeSpan LongestDelay => TimeSpan.FromSeconds(15);

    public TimeSpan Delay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestDelay);
            field = value;
        }
    }

    public Task<ReplicationStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var lag = _pending.TryPeek(out var oldest) ? time.GetElapsedTime(oldest.TakenAt) : TimeSpan.Zero;
            return Task.FromResult(new ReplicationStatus(CanPause: true, _paused, lag, _replica.Value.Position()));
        }
    }

    public Task PauseAsync(CancellationToken cancellationToken) => SetPaused(true);

    public Task ResumeAsync(CancellationToken cancellationToken) => SetPaused(false);

    public Task CatchUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _paused = false;
            TakeSnapshot();
            while (_pending.Count > 0)
                ShowOldest();
        }

        return Task.CompletedTask;
    }

    /// <summary>Does what is due now. The hosted service calls it many times a second.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            TakeSnapshot();

            // Of the snapshots that are due only the newest matters. Also while paused, or the queue would grow without end.
            while (_pending.Count > 1 && IsDue(_pending.ElementAt(1)))
                _pending.Dequeue().Dispose();
            if (!_paused && _pending.TryPeek(out var oldest) && IsDue(oldest))
                ShowOldest();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_pending.TryDequeue(out var snapshot))
                snapshot.Dispose();
            if (_primary.IsValueCreated)
                _primary.Value.Dispose();
            if (_replica.IsValueCreated)
                _replica.Value.Dispose();
        }
    }

    private bool IsDue(Snapshot snapshot) => time.GetElapsedTime(snapshot.TakenAt) >= Delay;

    private void TakeSnapshot()
    {
        // The version is read before the copy: a commit between the two is copied again next time, never forgotten.
        var version = _primary.Value.DataVersion();
        if (version == _seenVersion)
            return;
        _pending.Enqueue(new(_primary.Value.Sqlite, time.GetTimestamp()));
        _seenVersion = version;
    }

    private void ShowOldest()
    {
        using var snapshot = _pending.Dequeue();
        snapshot.ApplyTo(_replica.Value.Sqlite);
        _replica.Value.Checkpoint();
    }

    private Task SetPaused(bool paused)
    {
        lock (_gate)
            _paused = paused;
        return Task.CompletedTask;
    }
}
