using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Routing;

/// <summary>
/// Warns once when a query type that could use the replica never gets there, usually because something opens a transaction around every request.
/// </summary>
internal sealed class ReplicaUse(string request, ILogger logger)
{
    /// <summary>Reads on the primary, in a row from the start, before it is worth a warning: enough that warm-up and a first test do not count.</summary>
    public const int Threshold = 50;

    private int _onPrimary;
    private volatile bool _settled;

    public void Record(RouteDecision decision)
    {
        if (_settled)
            return;

        if (decision.Route == Route.Replica)
            _settled = true;
        else if (IsWorthWondering(decision.Reason) && Interlocked.Increment(ref _onPrimary) == Threshold)
        {
            _settled = true;
            Diagnostics.Log.QueryNeverReachesReplica(logger, request, Threshold, decision.Reason);
        }
    }

    private static bool IsWorthWondering(RouteReason reason) =>
        reason is RouteReason.OpenConnection or RouteReason.AmbientTransaction or RouteReason.CommandInScope or RouteReason.InsideCommand;
}
