using System.Data.Common;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>PostgreSQL's positions, counted: they are read past EF, so no interceptor sees them. Each read of a text is one command.</summary>
public sealed class CountingPositions : IPositionSource
{
    private int _onPrimary;
    private int _onReplica;

    /// <summary>What the command is instead, to see what comes of it.</summary>
    public string? OnPrimary { get; set; }

    public string? OnReplica { get; set; }

    /// <summary>Happens right before the primary is asked.</summary>
    public Action? BeforePrimary { get; set; }

    /// <summary>What every position is said to count in; null for the truth.</summary>
    public string? Database { get; set; }

    public (int Primary, int Replica) Reads => (_onPrimary, _onReplica);

    public string PrimaryCommandText
    {
        get
        {
            Interlocked.Increment(ref _onPrimary);
            BeforePrimary?.Invoke();
            return OnPrimary ?? PositionSources.PostgreSql.PrimaryCommandText;
        }
    }

    public string ReplicaCommandText
    {
        get
        {
            Interlocked.Increment(ref _onReplica);
            return OnReplica ?? PositionSources.PostgreSql.ReplicaCommandText;
        }
    }

    public ReplicationPosition? Read(DbDataReader row) =>
        PositionSources.PostgreSql.Read(row) is { } position ? position with { Database = Database ?? position.Database } : null;
}
