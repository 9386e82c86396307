using System.Globalization;
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

    /// <summary>Returns the lag as far as it is known: <c>1.5 s and 2,048 bytes</c>.</summary>
    public static string FormatLag(ReplicaStatus status) => (status.LagTime, status.LagBytes) switch
    {
        ({ } time, { } bytes) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s and {bytes:N0} bytes"),
        ({ } time, null) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s"),
        (null, { } bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes"),
        _ => "an unknown time",
    };

    /// <summary>Returns what to write if the primary is a read-only copy.</summary>
    public static string AdviceOnReadOnlyPrimary(ReplicaStatus status) => status.Role == ReplicaRole.Replica
        ? "So is its replica. Give the context the connection string of the server that accepts writes"
        : "The server that is configured as its replica accepts writes. Exchange the two connection strings, or use names that follow the primary after a failover";

    /// <summary>Returns why a limit could not be checked, and what to write instead.</summary>
    public static string Unmeasured(ReplicaStatus status, LagLimits limits, bool hasPositions) =>
        !hasPositions ? "its database has no position source. Name one (ReplicaOptions.PositionSource), or remove the limits"
        : status.Problem is { } problem ? $"{problem}. Grant what PositionSources asks for, or remove the limits"
        : limits.Bytes is not null && status.LagBytes is null ? "only PostgreSQL's positions are bytes. Remove MaxLagBytes and set MaxLag"
        : "a server did not report its position";
}
