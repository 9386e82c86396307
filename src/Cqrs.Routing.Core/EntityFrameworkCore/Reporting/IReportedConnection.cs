namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>The facts about a context's connection that reports contain. Read only when a report is written.</summary>
internal interface IReportedConnection
{
    /// <summary>Gets whether the context has a replica with a connection of its own.</summary>
    bool HasOwnReplica { get; }

    bool IsInTransaction { get; }

    /// <summary>Gets the replica's lag at the last measurement; null if it is unknown.</summary>
    TimeSpan? ReplicaLag { get; }
}
