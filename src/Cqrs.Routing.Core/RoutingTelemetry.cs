namespace Cqrs.Routing;

/// <summary>
/// The names of the activity source and the meter: <c>tracing.AddSource(RoutingTelemetry.ActivitySourceName)</c>, <c>metrics.AddMeter(RoutingTelemetry.MeterName)</c>.
/// </summary>
/// <remarks>Names and tags are listed in <c>docs/observability.md</c>. They contain no parameter values.</remarks>
public static class RoutingTelemetry
{
    /// <summary>The name of the activity source, which creates one span per request that is sent.</summary>
    public const string ActivitySourceName = "Cqrs.Routing";

    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Cqrs.Routing";
}
