using System.Globalization;
using Cqrs.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Sample.Api.Endpoints;

/// <summary>Shadow mode, switched by configuration while the application runs. A real one would change a file, or its configuration service.</summary>
internal static class RolloutEndpoints
{
    private const string PercentKey = $"{RoutingRolloutOptions.SectionName}:{nameof(RoutingRolloutOptions.Percent)}";

    public static void MapRollout(this IEndpointRouteBuilder app)
    {
        var rollout = app.MapGroup("/api/rollout").WithTags("Rollout");
        rollout.MapGet("", View).WithSummary("Whether requests are routed, and the report of shadow mode");
        rollout.MapPut("", Change).WithSummary("Routes so many of a hundred requests; zero is shadow mode").ProducesProblem(400);
        rollout.MapDelete("report", Clear).WithSummary("Begins a new report");
    }

    private static Ok<RolloutView> View(IOptionsMonitor<RoutingRolloutOptions> rollout, ShadowReport report) =>
        TypedResults.Ok(new RolloutView(rollout.CurrentValue.Percent, report.ToString()));

    private static Results<NoContent, ProblemHttpResult> Change(RolloutChange change, IConfiguration configuration)
    {
        if (change.Percent is < 0 or > 100)
            return TypedResults.Problem("A percentage is between 0 and 100.", statusCode: 400);

        configuration[PercentKey] = change.Percent.ToString(CultureInfo.InvariantCulture);
        ((IConfigurationRoot)configuration).Reload();
        return TypedResults.NoContent();
    }

    private static NoContent Clear(ShadowReport report)
    {
        report.Clear();
        return TypedResults.NoContent();
    }
}
