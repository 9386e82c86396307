using Cqrs.Routing;
using Cqrs.Routing.SelfCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks for what EF's own check never sees: it asks the primary.</summary>
public static class RoutingHealthChecksBuilderExtensions
{
    /// <summary>Checks the replica of a context: whether it answers, is one of its primary, and lags within its limits (<see cref="ReplicaOptions.MaxLag"/>).</summary>
    /// <typeparam name="TContext">The context: scoped, pooled, from a factory or with <c>OnConfiguring</c>.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name. Default: the context's, and "replica".</param>
    /// <param name="failureStatus">What a replica means that may not serve. Default <see cref="HealthStatus.Degraded"/>, since the primary takes over.</param>
    /// <param name="tags">Tags to filter by. Keep it out of a liveness probe: a restart cures no replica.</param>
    /// <returns>The health checks.</returns>
    /// <remarks>
    /// Measures anew whenever it is asked, and the router goes by the result: both mean the same by healthy. Its data: <c>role</c>, <c>circuit</c> (<c>closed</c>, <c>open</c>), <c>lagSeconds</c>,
    /// <c>lagBytes</c> and <c>refusal</c> (a <see cref="RouteReason"/>), as far as known. A context without a replica is healthy, unless <see cref="RoutingOptions.RequireReplica"/> is set.
    /// </remarks>
    public static IHealthChecksBuilder AddReplicaCheck<TContext>(
        this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(
            name ?? $"{typeof(TContext).Name} replica",
            static services => new ReplicaHealthCheck<TContext>(services),
            failureStatus ?? HealthStatus.Degraded,
            tags));
    }

    /// <summary>Checks that <see cref="RoutingSelfCheck"/> passed: for a readiness probe.</summary>
    /// <param name="builder">The health checks, of an application that calls <c>services.AddRoutingSelfCheck()</c>.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What an error in the report means. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter by.</param>
    /// <returns>The health checks.</returns>
    /// <remarks>Goes by the last report, and runs the proof if there is none. Warnings are in its data.</remarks>
    public static IHealthChecksBuilder AddRoutingSelfCheck(
        this IHealthChecksBuilder builder, string name = "routing self-check", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, static services => new SelfCheckHealthCheck(services.GetRequiredService<RoutingSelfCheck>()), failureStatus, tags));
    }
}
