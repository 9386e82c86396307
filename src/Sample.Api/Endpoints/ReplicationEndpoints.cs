using System.Globalization;
using Cqrs.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sample.Infrastructure.Replication;
using Sample.Infrastructure.Servers;

namespace Sample.Api.Endpoints;

internal static class ReplicationEndpoints
{
    public static void MapReplication(this IEndpointRouteBuilder app)
    {
        var replication = app.MapGroup("/api/replication").WithTags("Replication");
        replication.MapGet("", ViewAsync).WithSummary("How far the replica is behind");
        replication.MapPut("", SetDelay).WithSummary("Changes the delay (SQLite only)");
        replication.MapPost("pause", PauseAsync).WithSummary("Freezes the replica");
        replication.MapPost("resume", ResumeAsync).WithSummary("Goes on after a pause");
        replication.MapPost("catch-up", CatchUpAsync).WithSummary("Returns when the replica shows all that is committed now");
    }

    private static async Task<Ok<ReplicationView>> ViewAsync(
        DatabaseServers servers, IReplication replication, RoutingSession session, HealthCheckService health, CancellationToken cancellationToken)
    {
        var status = await replication.GetStatusAsync(cancellationToken);
        var report = await health.CheckHealthAsync(check => check.Name == SampleInfrastructureServices.ReplicaCheck, cancellationToken);
        return TypedResults.Ok(new ReplicationView(
            servers.Provider, servers.HasReplica, replication.LongestDelay.TotalSeconds, replication.Delay.TotalSeconds,
            status.CanPause, status.Paused, status.Lag.TotalSeconds,
            status.Position?.ToString(CultureInfo.InvariantCulture),
            session.Positions is [var position, ..] ? position.Value.ToString(CultureInfo.InvariantCulture) : null,
            report.Status.ToString(), report.Entries[SampleInfrastructureServices.ReplicaCheck].Description));
    }

    private static Results<NoContent, ProblemHttpResult> SetDelay(DelayChange change, IReplication replication)
    {
        var longest = replication.LongestDelay.TotalSeconds;
        if (longest == 0)
            return TypedResults.Problem("The delay of this replication is not the sample's to change.", statusCode: 409);
        if (!(change.DelaySeconds >= 0 && change.DelaySeconds <= longest))
            return TypedResults.Problem($"The delay must be between 0 and {longest} seconds.", statusCode: 400);
        replication.Delay = TimeSpan.FromSeconds(change.DelaySeconds);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> PauseAsync(IReplication replication, CancellationToken cancellationToken)
    {
        await replication.PauseAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResumeAsync(IReplication replication, CancellationToken cancellationToken)
    {
        await replication.ResumeAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> CatchUpAsync(IReplication replication, CancellationToken cancellationToken)
    {
        await replication.CatchUpAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
