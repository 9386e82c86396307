namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>What reports say of a context's connection. Read only when something is reported.</summary>
internal interface IReportedConnection
{
    /// <summary>Whether the context has a replica with a connection of its own.</summary>
    bool HasOwnReplica { get; }

    bool IsInTransaction { get; }

    /// <summary>How old the replica was when it was measured last; null if that is unknown.</summary>
    TimeSpan? ReplicaLag { get; }
}
