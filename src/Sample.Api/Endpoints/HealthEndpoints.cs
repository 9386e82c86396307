using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sample.Api.Endpoints;

internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c>: the process answers, whatever its databases do. <c>/health/ready</c>: routing was proven, so it may get traffic. <c>/health</c>: everything, for people
    /// and dashboards; a replica that lags or is gone is Degraded there, and no reason to take the application out of service.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = static _ => false });
        app.MapHealthChecks("/health/ready", new() { Predicate = static check => check.Tags.Contains(SampleInfrastructureServices.ReadyTag) });
        app.MapHealthChecks("/health", new() { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { Status = entry.Value.Status.ToString(), entry.Value.Description, entry.Value.Data }),
        },
        context.RequestAborted);
}
