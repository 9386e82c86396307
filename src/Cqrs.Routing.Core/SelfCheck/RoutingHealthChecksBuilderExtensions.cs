using Cqrs.Routing;
using Cqrs.Routing.SelfCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks for replicas and for the self-check. EF Core's own health check only asks the primary.</summary>
public static class RoutingHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks the replica of a context: whether it answers, belongs to its primary and lags within its limits (<see cref="ReplicaOptions.MaxLag"/>).
    /// </summary>
    /// <typeparam name="TContext">The context type. It may be scoped, pooled, created by a factory or configured in <c>OnConfiguring</c>.</typeparam>
    /// <param name="builder">The health checks builder.</param>
    /// <param name="name">The check's name. Default: the name of the context type, followed by "replica".</param>
    /// <param name="failureStatus">The status if the replica may not serve queries. Default <see cref="HealthStatus.Degraded"/>, because the primary
    /// takes over.</param>
    /// <param name="tags">Tags to filter by. Do not use the check as a liveness probe: a restart of the application does not repair a
    /// replica.</param>
    /// <returns>The health checks.</returns>
    /// <remarks>
    /// <para>
    /// Measures the replica each time, and the router uses the result, so both have the same definition of healthy. A context without a replica is
    /// healthy, unless <see cref="RoutingOptions.RequireReplica"/> is set.
    /// </para>
    /// <para>
    /// The data of the result contains, as far as known: <c>role</c>, <c>circuit</c> (<c>closed</c>, <c>open</c>), <c>lagSeconds</c>, <c>lagBytes</c>
    /// and <c>refusal</c> (a <see cref="RouteReason"/>).
    /// </para>
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

    /// <summary>Checks that <see cref="RoutingSelfCheck"/> passed, for a readiness probe.</summary>
    /// <param name="builder">The health checks builder of an application that calls <c>services.AddRoutingSelfCheck()</c>.</param>
    /// <param name="name">The check's name. Default: "routing self-check".</param>
    /// <param name="failureStatus">The status if the report has an error. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter by.</param>
    /// <returns>The health checks.</returns>
    /// <remarks>Uses the last report, and runs the self-check if there is none. The data of the result contains the warnings and errors.</remarks>
    public static IHealthChecksBuilder AddRoutingSelfCheck(
        this IHealthChecksBuilder builder, string name = "routing self-check", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, static services => new SelfCheckHealthCheck(services.GetService<RoutingSelfCheck>()
            ?? throw new InvalidOperationException("AddHealthChecks().AddRoutingSelfCheck() reports what the self-check found, but there is none. Call services.AddRoutingSelfCheck() as well. [CR248]")), failureStatus, tags));
    }
}
