using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing;

/// <summary>
/// A primary and a replica without any server: two SQLite files, and replication that stands still and moves when the test says so, never by the clock.
/// </summary>
/// <remarks>
/// <para>
/// At first replication flows: a query on the replica sees all that is committed. <see cref="Freeze"/> stops it, <see cref="Advance"/> replays commit by
/// commit, and <see cref="CatchUp"/> lets it flow again. Sessions read their own writes on it as on a real pair.
/// </para>
/// <para>
/// What counts as one commit is what was committed by the time that EF ends a transaction or closes a connection to the primary. Thread safe. Make one per test
/// (about 10 ms) and dispose it after the application: it deletes its files.
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

    /// <summary>Makes two empty databases.</summary>
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

    /// <summary>The primary's connection string.</summary>
    public string Primary { get; }

    /// <summary>The replica's connection string; it is opened read-only.</summary>
    public string Replica { get; }

    /// <summary>The commands that EF sent, by the server that they reached.</summary>
    public ServerCommands Commands { get; }

    /// <summary>Whether replication stands still.</summary>
    public bool IsFrozen
    {
        get
        {
            lock (_gate)
                return _frozen;
        }
    }

    /// <summary>How many commits of the primary the replica does not show yet.</summary>
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

    /// <summary>Lets the replica stand still: it shows what is committed now, whatever is committed later.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            Look();
            _frozen = true;
        }
    }

    /// <summary>Replays the oldest commits that the replica does not show yet, and lets it stand still there.</summary>
    /// <param name="commits">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    /// <exception cref="InvalidOperationException">Replication flows.</exception>
    public void Advance(int commits = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commits, 1);
        lock (_gate)
        {
            Look();
            if (!_frozen)
                throw new InvalidOperationException($"Replication flows, so there is nothing to advance. Call {nameof(Freeze)} before the commits that the replica shall miss.");
            if (commits > _pending.Count)
                throw new ArgumentOutOfRangeException(nameof(commits), commits, $"The replica lags by {_pending.Count} commits.");
            while (commits-- > 0)
                Replay();
        }
    }

    /// <summary>Replays everything, and lets replication flow again.</summary>
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

    /// <summary>Deletes both databases. Nothing may use them any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_pending.TryDequeue(out var snapshot))
                snapshot.Dispose();
            _primary.Dispose();
            _replica.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    internal static DatabaseRole ServerOf(DbConnection connection) =>
        Path.GetFileName(connection.DataSource) == ReplicaFile ? DatabaseRole.Replica : DatabaseRole.Primary;

    /// <summary>Takes notice of what was committed since the last time.</summary>
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
        // The version is read before the copy: a commit between the two is copied again next time, never forgotten.
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

    // Not pooled: pooled connections would outlive the files.
    private string Connect(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, file), Mode = mode, Pooling = false }.ToString();
}
