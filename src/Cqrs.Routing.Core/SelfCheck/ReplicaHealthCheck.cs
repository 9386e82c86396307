using System.Globalization;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.Health;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Measures the replica of a context. Resolves the context from the scope that the health check service creates for each check.</summary>
internal sealed class ReplicaHealthCheck<TContext>(IServiceProvider scope) : IHealthCheck
    where TContext : DbContext
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        DbContextResolver.WithAsync(scope, typeof(TContext), db => CheckAsync(db, context.Registration.FailureStatus, cancellationToken));

    private async Task<HealthCheckResult> CheckAsync(DbContext db, HealthStatus failure, CancellationToken cancellationToken)
    {
        if (RoutedConnection.Find(db) is not { } routed)
            return new(Missing(failure), "The context does not call UseReplica, or its provider is not relational, so nothing is routed. Call .UseReplica(\"...\") in the context's options.");
        if (routed.Replica.IsMirror)
            return HealthCheckResult.Healthy("Its replica is a mirror: the primary's own connection.");

        try
        {
            if (!routed.Replica.TryPrepare())
            {
                return routed.Replica.InactiveCause is { } cause
                    ? new(failure, $"Its replica is not used: {cause}")
                    : new(Missing(failure), "It has no replica: everything runs on the primary.");
            }
        }
        catch (InvalidOperationException e)
        {
            return new(failure, e.Message, e);
        }

        var status = await routed.MeasureAsync(cancellationToken).ConfigureAwait(false);
        var health = routed.Replica.Health;
        return new(
            status.Error is not null || health.Refusal is not null ? failure : HealthStatus.Healthy,
            Describe(status, health),
            status.Error,
            Data(status, health));
    }

    private HealthStatus Missing(HealthStatus failure) =>
        scope.GetService<IOptions<RoutingOptions>>() is { Value.RequireReplica: true } ? failure : HealthStatus.Healthy;

    private static string Describe(ReplicaStatus status, ReplicaHealth health) => status switch
    {
        { Error: { } silence } => $"The replica does not answer ({ErrorCode.Get(silence)}).",
        _ when health.IsBroken => "The replica answers again. Queries use it when its circuit breaker closes.",
        { Refusal: RouteReason.NotAReplica } => $"The server is not a replica of its primary: {ReplicaStatusText.Format(status.Role)}.",
        { Refusal: not null } => $"The replica lags beyond its limits: {Lag(status)}.",
        { PrimaryError: not null } => "The replica answers; its primary does not, so its lag is unknown.",
        { LagTime: null } => "The replica answers; its lag is unknown.",
        _ => $"The replica serves: {Lag(status)}.",
    };

    private static string Lag(ReplicaStatus status) => string.Create(
        CultureInfo.InvariantCulture, $"{status.LagTime?.TotalSeconds:0.###} s{(status.LagBytes is { } bytes ? $", {bytes} bytes" : "")} behind");

    private static Dictionary<string, object> Data(ReplicaStatus status, ReplicaHealth health)
    {
        var data = new Dictionary<string, object> { ["role"] = status.Role.ToString(), ["circuit"] = health.IsBroken ? CircuitMetrics.Open : CircuitMetrics.Closed };
        if (status.LagTime is { } time)
            data["lagSeconds"] = time.TotalSeconds;
        if (status.LagBytes is { } bytes)
            data["lagBytes"] = bytes;
        if (health.Refusal is { } refusal)
            data["refusal"] = refusal.ToString();
        return data;
    }
}
