using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing.EntityFrameworkCore.Fallback;

/// <summary>Measures the replica of one context and reports the result as a metric and in the log.</summary>
internal sealed class ReplicaStatusReporter(ReplicaConnection replica, RouteReporter report, ReplicaOptions options)
{
    /// <summary>
    /// Starts a measurement beside the query. The replica's connection is already built, so this does not open a connection by itself.
    /// </summary>
    public void Begin() => replica.Health.Monitor.Begin(CreateProber().MeasureAsync, CreateReporter());

    /// <summary>Measures the replica now.</summary>
    public Task<ReplicaStatus> MeasureAsync(CancellationToken cancellationToken) =>
        replica.Health.Monitor.MeasureAsync(CreateProber().MeasureAsync, CreateReporter(), cancellationToken);

    // Captures nothing else of the context, which may be disposed before the measurement is complete.
    private ReplicaProber CreateProber() => new(
        replica.Health,
        replica.CreatePrimarySideConnection(),
        replica.CreateSideConnection(),
        replica.Positions,
        replica.Identity,
        options);

    private Action<ReplicaStatus?, ReplicaStatus> CreateReporter()
    {
        var (logger, context, once) = (report.Logger, report.ContextName, report.Once);
        var (limits, server) = (replica.Health.Settings.Limits, replica.Health.ServerName);
        var hasPositions = replica.Positions is not NoPositions;
        return (before, now) =>
        {
            RoutingMetrics.RecordLag(context, now.LagTime, now.LagBytes);
            if (now.IsBack)
                Log.ReplicaBack(logger, context, server);
            if (now.IsLost)
                Log.ReplicaLost(logger, context, server, ErrorCode.GetWithText(now.Error!));
            if (now.Error is not null || now.PrimaryError is not null)
                return;

            if (now.IsPrimaryReadOnly)
            {
                if (before is not { IsPrimaryReadOnly: true })
                    Log.PrimaryIsReadOnlyCopy(logger, context, ReplicaStatusText.AdviceOnReadOnlyPrimary(now));
                return;
            }

            if (now.Refusal is null && limits.Miss(now.LagTime, now.LagBytes) && once(nameof(Log.LagUnmeasured)))
                Log.LagUnmeasured(logger, context, ReplicaStatusText.Unmeasured(now, limits, hasPositions));
            else if (now.Problem is { } problem && now.Role == ReplicaRole.Unknown && once(nameof(Log.RoleUnknown)))
                Log.RoleUnknown(logger, context, problem);

            if (now.Refusal == before?.Refusal)
                return;
            if (now.Refusal == RouteReason.ReplicaLagging)
                Log.ReplicaLags(logger, context, ReplicaStatusText.FormatLag(now));
            else if (now.Refusal == RouteReason.NotAReplica)
                Log.NotAReplica(logger, context, ReplicaStatusText.Format(now.Role));
            else
                Log.ReplicaServes(logger, context, ReplicaStatusText.FormatLag(now));
        };
    }
}
