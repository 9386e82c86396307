using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>Formats a measurement for logs, health checks and reports.</summary>
internal static class ReplicaStatusText
{
    public static string Format(ReplicaRole role) => role switch
    {
        ReplicaRole.Replica => "it is a read-only copy of its primary",
        ReplicaRole.Primary => "it is the primary itself",
        ReplicaRole.Promoted => "it was promoted and takes writes of its own",
        ReplicaRole.OtherTimeline => "it has data that its primary never had: it follows another timeline (after a failover), or its primary was restored from a backup. Rebuild it",
        ReplicaRole.OtherDatabase => "it holds another database",
        _ => "its database does not report its role",
    };

    /// <summary>Returns why a limit could not be checked, and what to write instead.</summary>
    public static string Unmeasured(ReplicaStatus status, LagLimits limits, bool hasPositions) =>
        !hasPositions ? "its database has no position source. Name one (ReplicaOptions.PositionSource), or remove the limits"
        : status.Problem is { } problem ? $"{problem}. Grant what PositionSources asks for, or remove the limits"
        : limits.Bytes is not null && status.LagBytes is null ? "only PostgreSQL's positions are bytes. Remove MaxLagBytes and set MaxLag"
        : "a server did not report its position";
}
