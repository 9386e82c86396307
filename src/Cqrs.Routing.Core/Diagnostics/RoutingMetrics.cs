using System.Diagnostics.Metrics;
using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Diagnostics;

/// <summary>Defines the metrics of routing.</summary>
internal static class RoutingMetrics
{
    public const string Decisions = "cqrs.routing.decisions";
    public const string RequestTag = "cqrs.routing.request";
    public const string ContextTag = "cqrs.routing.context";
    public const string RouteTag = "cqrs.routing.route";
    public const string ReasonTag = "cqrs.routing.reason";

    public const string IgnoredTokens = "cqrs.routing.tokens.ignored";
    public const string PositionChecks = "cqrs.routing.position.checks";
    public const string Waits = "cqrs.routing.position.wait.duration";
    public const string Fallbacks = "cqrs.routing.fallbacks";
    public const string StageTag = "cqrs.routing.fallback.stage";
    public const string Unserved = "cqrs.routing.unserved";
    public const string LagTime = "cqrs.routing.replica.lag";
    public const string LagBytes = "cqrs.routing.replica.lag.bytes";
    public const string Circuits = "cqrs.routing.replica.circuit.status";
    public const string StateTag = "cqrs.routing.replica.circuit.state";
    public const string Refusals = "cqrs.routing.refusals";
    public const string ProblemTag = "cqrs.routing.problem";
    public const string ShadowFindings = "cqrs.routing.shadow.findings";
    public const string FindingTag = "cqrs.routing.finding";
    public const string OutcomeTag = "cqrs.routing.outcome";

    /// <summary>The only meter. Observable instruments add themselves to it.</summary>
    public static readonly Meter Meter = new(RoutingTelemetry.MeterName);

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

    private static readonly Counter<long> UnservedCounter =
        Meter.CreateCounter<long>(Unserved, "{query}", "Queries that failed because the replica could not serve them and the primary was not allowed to, by problem.");

    private static readonly Gauge<double> LagTimeGauge = Meter.CreateGauge<double>(LagTime, "s", "How old a replica was at most when it was measured last.");

    private static readonly Gauge<long> LagBytesGauge =
        Meter.CreateGauge<long>(LagBytes, "By", "How much of its primary's log a replica had left to replay when it was measured last.");

    private static readonly Counter<long> RefusalCounter =
        Meter.CreateCounter<long>(Refusals, "{refusal}", "Writes and commands that queries tried and were refused.");

    private static readonly Counter<long> ShadowCounter =
        Meter.CreateCounter<long>(ShadowFindings, "{request}", "What routing would have done with requests in shadow mode, by finding.");

    public static void RecordLag(string context, TimeSpan? time, long? bytes)
    {
        var tag = new KeyValuePair<string, object?>(ContextTag, context);
        if (time is { } age)
            LagTimeGauge.Record(age.TotalSeconds, tag);
        if (bytes is { } left)
            LagBytesGauge.Record(left, tag);
    }

    public static void CountFallback(string request, FallbackStage stage, RouteReason reason)
    {
        if (!FallbackCounter.Enabled)
            return;

        FallbackCounter.Add(1, new(RequestTag, request), new(StageTag, stage.ToString().ToLowerInvariant()), new(ReasonTag, reason.ToString()));
    }

    /// <summary>Counts a query that neither server served.</summary>
    public static void CountUnserved(string request, string problem)
    {
        if (UnservedCounter.Enabled)
            UnservedCounter.Add(1, new(RequestTag, request), new(ProblemTag, problem));
    }

    public static void Count(string request, Type context, RouteDecision decision)
    {
        if (!DecisionCounter.Enabled)
            return;

        DecisionCounter.Add(
            1,
            new(RequestTag, request),
            new(ContextTag, TypeNames.Format(context)),
            new(RouteTag, decision.Route.ToString()),
            new(ReasonTag, decision.Reason.ToString()));
    }

    public static void CountIgnoredToken(string problem) => IgnoredTokenCounter.Add(1, new KeyValuePair<string, object?>(ProblemTag, problem));

    /// <summary>Counts a position check of a replica; <paramref name="outcome"/> is null if the replica may serve the query.</summary>
    public static void CountCheck(RouteReason? outcome, TimeSpan waited)
    {
        if (!CheckCounter.Enabled && !WaitHistogram.Enabled)
            return;

        var tag = new KeyValuePair<string, object?>(OutcomeTag, outcome?.ToString() ?? "CaughtUp");
        CheckCounter.Add(1, tag);
        if (waited > TimeSpan.Zero)
            WaitHistogram.Record(waited.TotalSeconds, tag);
    }

    public static void CountRefusal(string request, ViolationKind refusal)
    {
        if (RefusalCounter.Enabled)
            RefusalCounter.Add(1, new(RequestTag, request), new(ProblemTag, refusal.ToString()));
    }

    /// <summary>Counts what routing would have done with a request in shadow mode.</summary>
    public static void CountShadow(string request, string finding)
    {
        if (ShadowCounter.Enabled)
            ShadowCounter.Add(1, new(RequestTag, request), new(FindingTag, finding));
    }
}
