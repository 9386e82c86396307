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

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> DecisionCounter =
        Meter.CreateCounter<long>(Decisions, "{decision}", "Contexts that went to a server inside a request, by route and reason.");

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
}
