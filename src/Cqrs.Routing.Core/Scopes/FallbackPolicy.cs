using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Scopes;

/// <summary>Sends a query to the primary because its replica failed, if the options allow it and the budget is not used up.</summary>
internal static class FallbackPolicy
{
    /// <param name="query">The query. All of it runs on the primary from now on.</param>
    /// <param name="health">The health of the replica.</param>
    /// <param name="reason">Why the replica cannot serve the query.</param>
    /// <param name="stage">The stage at which the query fell back.</param>
    /// <param name="context">The name of the context, for messages.</param>
    /// <param name="logger">The logger of the fallback.</param>
    /// <param name="error">The error of the replica; null if it was not asked.</param>
    /// <exception cref="ReplicaUnavailableException">The options do not allow a fallback, or too many queries fall back.</exception>
    public static void Take(RouteFrame query, ReplicaHealth health, RouteReason reason, FallbackStage stage, string context, ILogger logger, Exception? error = null)
    {
        // A query whose contexts fall back one after another counts once.
        if (!query.HasFallenBack)
            Demand(query, health, reason, context, error);
        query.EscalateAll(reason);
        if (query.FallBack(stage))
        {
            query.Span?.SetTag(RoutingMetrics.StageTag, stage.ToString().ToLowerInvariant());
            RoutingMetrics.CountFallback(query.Request.FullName, stage, reason);
        }

        if (error is not null)
            Log.FellBack(logger, query.RequestName, context, health.ServerName, stage, ErrorCode.GetWithText(error));
    }

    private static void Demand(RouteFrame query, ReplicaHealth health, RouteReason reason, string context, Exception? error)
    {
        if (!health.Settings.FallBack)
        {
            RoutingMetrics.CountUnserved(query.Request.FullName, "FallbackOff");
            throw new ReplicaUnavailableException(query.RequestName, context, reason, "ReplicaOptions.FallbackToPrimary is off. Turn it on to let such queries run on the primary. [CR210]", error);
        }

        if (!health.TryAcquireFallback())
        {
            RoutingMetrics.CountUnserved(query.Request.FullName, "BudgetExhausted");
            throw new ReplicaUnavailableException(
                query.RequestName,
                context,
                reason,
                $"more than {health.Settings.MaxFallbacksPerSecond} queries per second would run on the primary instead. Try again later, or raise ReplicaOptions.MaxFallbacksPerSecond if the primary can serve more. [CR211]",
                error);
        }
    }
}
