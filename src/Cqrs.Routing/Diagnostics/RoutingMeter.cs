using System.Diagnostics.Metrics;

namespace Cqrs.Routing.Diagnostics;

/// <summary>What routing counts.</summary>
internal static class RoutingMeter
{
    public const string MeterName = "Cqrs.Routing";
    public const string Decisions = "cqrs.routing.decisions";
    public const string RequestTag = "cqrs.routing.request";
    public const string ContextTag = "cqrs.routing.context";
    public const string RouteTag = "cqrs.routing.route";
    public const string ReasonTag = "cqrs.routing.reason";

    public const string IgnoredTokens = "cqrs.routing.tokens.ignored";
    public const string PositionChecks = "cqrs.routing.position.checks";
    public const string Waits = "cqrs.routing.position.wait.duration";
    public const string Fallbacks = "cqrs.routing.fallbacks";
    public const string RungTag = "cqrs.routing.rung";
    public const string LagTime = "cqrs.routing.replica.lag";
    public const string LagBytes = "cqrs.routing.replica.lag.bytes";
    public const string ProblemTag = "cqrs.routing.problem";
    public const string OutcomeTag = "cqrs.routing.outcome";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> DecisionCounter =
        Meter.CreateCounter<long>(Decisions, "{decision}", "Contexts that went to a server inside a request, by route and reason.");

    private static readonly Counter<long> IgnoredTokenCounter =
        Meter.CreateCounter<long>(IgnoredTokens, "{token}", "Session tokens that did not count, by problem.");

    private static readonly Counter<long> CheckCounter =
        Meter.CreateCounter<long>(PositionChecks, "{check}", "Replicas that were asked for their position before a query, by outcome.");

    private static readonly Histogram<double> WaitHistogram =
        Meter.CreateHistogram<double>(Waits, "s", "How long queries waited for the replica, by outcome.");

    private static readonly Counter<long> FallbackCounter =
        Meter.CreateCounter<long>(Fallbacks, "{query}", "Queries that ran on the primary because the replica could not serve them, by how far they had got.");

    private static readonly Gauge<double> LagTimeGauge = Meter.CreateGauge<double>(LagTime, "s", "How old a replica was at most when it was measured last.");

    private static readonly Gauge<long> LagBytesGauge =
        Meter.CreateGauge<long>(LagBytes, "By", "How much of its primary's log a replica had left to replay when it was measured last.");

    public static void RecordLag(string context, TimeSpan? time, long? bytes)
    {
        var tag = new KeyValuePair<string, object?>(ContextTag, context);
        if (time is { } age)
            LagTimeGauge.Record(age.TotalSeconds, tag);
        if (bytes is { } left)
            LagBytesGauge.Record(left, tag);
    }

    public static void CountFallback(string request, Health.Rung rung, RouteReason reason)
    {
        if (!FallbackCounter.Enabled)
            return;

        FallbackCounter.Add(1, new(RequestTag, request), new(RungTag, rung.ToString().ToLowerInvariant()), new(ReasonTag, reason.ToString()));
    }

    public static void Count(string request, Type context, RouteDecision decision)
    {
        if (!DecisionCounter.Enabled)
            return;

        DecisionCounter.Add(
            1,
            new(RequestTag, request),
            new(ContextTag, context.Name),
            new(RouteTag, decision.Route.ToString()),
            new(ReasonTag, decision.Reason.ToString()));
    }

    public static void CountIgnoredToken(string problem) => IgnoredTokenCounter.Add(1, new KeyValuePair<string, object?>(ProblemTag, problem));

    /// <summary>Counts a replica that was asked for its position; <paramref name="outcome"/> is null if it may serve the query.</summary>
    public static void CountCheck(RouteReason? outcome, TimeSpan waited)
    {
        if (!CheckCounter.Enabled && !WaitHistogram.Enabled)
            return;

        var tag = new KeyValuePair<string, object?>(OutcomeTag, outcome?.ToString() ?? "CaughtUp");
        CheckCounter.Add(1, tag);
        if (waited > TimeSpan.Zero)
            WaitHistogram.Record(waited.TotalSeconds, tag);
    }
}
