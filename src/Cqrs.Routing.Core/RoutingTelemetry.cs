namespace Cqrs.Routing;

/// <summary>What to listen to: <c>tracing.AddSource(RoutingTelemetry.ActivitySourceName)</c>, <c>metrics.AddMeter(RoutingTelemetry.MeterName)</c>.</summary>
/// <remarks>Names and tags are listed in <c>docs/observability.md</c>. None holds the value of a parameter.</remarks>
public static class RoutingTelemetry
{
    /// <summary>The activity source: one span per request that is sent.</summary>
    public const string ActivitySourceName = "Cqrs.Routing";

    /// <summary>The meter.</summary>
    public const string MeterName = "Cqrs.Routing";
}
