using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing;

/// <summary>A primary and a replica without a server: two SQLite files. The test controls replication; the clock has no influence.</summary>
/// <remarks>
/// <para>
/// Replication runs at first: a query on the replica sees every commit. <see cref="Freeze"/> stops replication, <see cref="Advance"/> replays single
/// commits, and <see cref="CatchUp"/> starts replication again. Sessions read their own writes as on real servers.
/// </para>
/// <para>
/// The simulator looks for new commits whenever EF Core ends a transaction or closes a connection to the primary. Everything committed since the last
/// look counts as one commit. Thread safe. Create one per test (about 10 ms) and dispose it after the application: it deletes its files.
/// </para>
/// </remarks>
public sealed class LagSimulator : IDisposable
{
    private const string ReplicaFile = "replica.db";

    private readonly Lock _gate = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cqrs-routing-lag-");
    private readonly Queue<Snapshot> _pending = new();
    private readonly ReplicationConnection _primary;
    private readonly ReplicationConnection _replica;
    private long _seenVersion;
    private long _committed;
    private bool _frozen;

    /// <summary>Creates two empty databases.</summary>
    public LagSimulator()
    {
        Primary = Connect("primary.db", SqliteOpenMode.ReadWriteCreate);
        Replica = Connect(ReplicaFile, SqliteOpenMode.ReadOnly);
        _primary = new(Primary);
        _replica = new(Connect(ReplicaFile, SqliteOpenMode.ReadWriteCreate));
        _seenVersion = _primary.DataVersion();
        Commands = new(ServerOf);
        Positions = new LagPositions(this);
        Interceptors = [Commands, new ConnectionWatch(this), new TransactionInterceptor(this)];
    }

    /// <summary>Gets the primary's connection string.</summary>
    public string Primary { get; }

    /// <summary>Gets the replica's connection string, which opens the replica read-only.</summary>
    public string Replica { get; }

    /// <summary>Gets the commands that EF Core sent, by the server that they reached.</summary>
    public ServerCommands Commands { get; }

    /// <summary>Gets whether replication is frozen.</summary>
    public bool IsFrozen
    {
        get
        {
            lock (_gate)
                return _frozen;
        }
    }

    /// <summary>Gets the number of commits of the primary that the replica does not show yet.</summary>
    public int Lag
    {
        get
        {
            lock (_gate)
            {
                Look();
                return _pending.Count;
            }
        }
    }

    internal IPositionSource Positions { get; }

    internal IReadOnlyList<IInterceptor> Interceptors { get; }

    /// <summary>Stops replication. The replica shows the commits up to now and does not show later ones.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            Look();
            _frozen = true;
        }
    }

    /// <summary>Replays the oldest commits that the replica does not show yet. Replication stays frozen.</summary>
    /// <param name="commits">The number of commits; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1, or the replica lags by fewer commits.</exception>
    /// <exception cref="InvalidOperationException">Replication is not frozen.</exception>
    public void Advance(int commits = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commits, 1);
        lock (_gate)
        {
            Look();
            if (!_frozen)
                throw new InvalidOperationException($"Replication is not frozen, so there is nothing to advance. Call {nameof(Freeze)} before the commits that the replica should not show yet. [CR308]");
            if (commits > _pending.Count)
                throw new ArgumentOutOfRangeException(nameof(commits), commits, $"The replica lags by {_pending.Count} commits. {nameof(Advance)} replays at most these: commit after {nameof(Freeze)}, or call {nameof(CatchUp)} for all of them. [CR309]");
            while (commits-- > 0)
                Replay();
        }
    }

    /// <summary>Replays all commits and starts replication again.</summary>
    public void CatchUp()
    {
        lock (_gate)
        {
            Look();
            while (_pending.Count > 0)
                Replay();
            _frozen = false;
        }
    }

    /// <summary>Deletes both databases. Dispose all contexts that use them first.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_pending.TryDequeue(out var snapshot))
                snapshot.Dispose();
            _primary.Dispose();
            _replica.Dispose();
        }

        DeleteFolder();
    }

    // A measurement of the replica runs beside the query that started it. It may create one of SQLite's own files for a moment after the last context was disposed.
    private void DeleteFolder()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                Thread.Sleep(20);
            }
        }
    }

    internal static DatabaseRole ServerOf(DbConnection connection) =>
        Path.GetFileName(connection.DataSource) == ReplicaFile ? DatabaseRole.Replica : DatabaseRole.Primary;

    /// <summary>Records the commits since the last call.</summary>
    internal void Observe()
    {
        lock (_gate)
            Look();
    }

    internal ReplicationPosition PositionOf(DatabaseRole server)
    {
        lock (_gate)
        {
            Look();
            var commits = server == DatabaseRole.Primary ? _committed : _committed - _pending.Count;
            return new(_folder.Name, (UInt128)commits);
        }
    }

    private void Look()
    {
        // The version is read before the copy. A commit between the two is copied again next time and never lost.
        var version = _primary.DataVersion();
        if (version == _seenVersion)
            return;

        if (_frozen)
            _pending.Enqueue(new(_primary.Sqlite));
        else
            _replica.Show(_primary.Sqlite);
        _seenVersion = version;
        _committed++;
    }

    private void Replay()
    {
        using var snapshot = _pending.Dequeue();
        _replica.Show(snapshot.Sqlite);
    }

    // Pooling is off, because pooled connections would outlive the files.
    private string Connect(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, file), Mode = mode, Pooling = false }.ToString();
}
