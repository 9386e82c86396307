using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Scopes;

/// <summary>Sends a query to the primary on its replica's account, where that is wanted and the budget lasts.</summary>
internal static class FallbackPolicy
{
    /// <param name="query">The query: all of it runs on the primary from now on.</param>
    /// <param name="health">The replica's.</param>
    /// <param name="reason">What is the matter with the replica.</param>
    /// <param name="stage">Where the query had to turn back.</param>
    /// <param name="context">For messages: the context.</param>
    /// <param name="logger">Where to say so.</param>
    /// <param name="error">What the replica answered, if it was asked.</param>
    /// <exception cref="ReplicaUnavailableException">It is not wanted, or too many queries fall back.</exception>
    public static void Take(RouteFrame query, ReplicaHealth health, RouteReason reason, FallbackStage stage, string context, ILogger logger, Exception? error = null)
    {
        // A query whose contexts turn back one after the other is still one query.
        if (!query.HasFallenBack)
            Demand(query, health, reason, context, error);
        query.EscalateAll(reason);
        if (query.FallBack(stage))
        {
            query.Span?.SetTag(RoutingMetrics.StageTag, stage.ToString().ToLowerInvariant());
            RoutingMetrics.CountFallback(query.Request.FullName, stage, reason);
        }

        if (error is not null)
            Log.FellBack(logger, query.RequestName, context, stage, ErrorCode.Get(error));
    }

    private static void Demand(RouteFrame query, ReplicaHealth health, RouteReason reason, string context, Exception? error)
    {
        if (!health.Settings.FallBack)
            throw new ReplicaUnavailableException(query.RequestName, context, reason, "ReplicaOptions.FallBack is off. Turn it on to let such queries run on the primary.", error);
        if (!health.TryAcquireFallback())
        {
            throw new ReplicaUnavailableException(
                query.RequestName,
                context,
                reason,
                $"more than {health.Settings.MaxFallbacksPerSecond} queries per second would run on the primary instead. Try again later, or raise ReplicaOptions.MaxFallbacksPerSecond if the primary can take more.",
                error);
        }
    }
}
