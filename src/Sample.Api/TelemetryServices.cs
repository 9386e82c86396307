using Cqrs.Routing;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Sample.Api;

internal static class TelemetryServices
{
    // The driver's spans are inside those of routing, and carry the database's own names (db.system.name, db.namespace, server.address).
    private const string Npgsql = "Npgsql";

    /// <summary>Exports traces and metrics where the configuration names an exporter.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var exporter = configuration["Telemetry:Exporter"]?.ToUpperInvariant();
        if (exporter is not ("CONSOLE" or "OTLP"))
            return services;

        services.AddOpenTelemetry()
            .WithTracing(tracing =>
            {
                tracing.AddAspNetCoreInstrumentation().AddSource(RoutingTelemetry.ActivitySourceName).AddSource(Npgsql);
                if (exporter == "CONSOLE")
                    tracing.AddConsoleExporter();
                else
                    tracing.AddOtlpExporter();
            })
            .WithMetrics(metrics =>
            {
                metrics.AddAspNetCoreInstrumentation().AddMeter(RoutingTelemetry.MeterName).AddMeter(Npgsql);
                if (exporter == "CONSOLE")
                    metrics.AddConsoleExporter();
                else
                    metrics.AddOtlpExporter();
            });
        return services;
    }
}
