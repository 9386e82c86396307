using Sample.Api.Traces;

namespace Sample.Api.Endpoints;

internal static class RouteLogEndpoints
{
    public static void MapRouteLog(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/log", (RouteLog log) => log.View())
            .WithTags("Log")
            .WithSummary("Which server answered the last requests, and why");
}
