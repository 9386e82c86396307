using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Requests;

/// <summary>Warns once if a query type that could use the replica never does, usually because a transaction is opened around every request.</summary>
internal sealed class UnusedReplicaWarning(string request)
{
    /// <summary>The number of first consecutive reads on the primary that cause a warning: few enough for a staging environment, and more than a warm-up.</summary>
    public const int Threshold = 10;

    private int _onPrimary;
    private volatile bool _settled;

    public void Record(RouteDecision decision, ILogger logger)
    {
        if (_settled)
            return;

        if (decision.Route == DatabaseRole.Replica)
            _settled = true;
        else if (decision.Reason.Has(RouteReasonTraits.Unintended) && Interlocked.Increment(ref _onPrimary) == Threshold)
        {
            _settled = true;
            Log.QueryNeverReachesReplica(logger, request, Threshold, decision.Reason, AdviceOn(decision.Reason));
        }
    }

    private static string AdviceOn(RouteReason reason) => reason switch
    {
        RouteReason.RecentWrite =>
            "Each time, its session had just written. If the database has positions (UseReplica(..., replica => replica.PositionSource = ...)), the replica serves as soon as it has caught up",
        RouteReason.NotCaughtUp or RouteReason.TooStale => "The replica lags behind the positions that the sessions need: check its replication",
        RouteReason.PositionUnknown => "The replica's position cannot be read; another warning gives the reason",
        _ => "If a transaction or a connection is opened around every request, open it around commands only",
    };
}
