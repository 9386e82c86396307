using Cqrs.Routing;
using Cqrs.Routing.Testing;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Configures a context to use a <see cref="LagSimulator"/>.</summary>
public static class LagSimulatorDbContextOptionsBuilderExtensions
{
    /// <summary>Uses the simulator's primary and replica, with positions for read-your-writes and a count of the commands on each server.</summary>
    /// <param name="builder">The context's options, without another provider.</param>
    /// <param name="lag">The simulator. Several contexts may share one.</param>
    /// <param name="options">Options for the replica, as in <c>UseReplica</c>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Does not measure the replica by itself: <see cref="ReplicaOptions.MonitorInterval"/> is zero unless <paramref name="options"/> sets it. Like
    /// <c>UseReplica</c>, it replaces an earlier call. Call it once per context, because every call adds interceptors.
    /// </remarks>
    public static DbContextOptionsBuilder UseLagSimulator(this DbContextOptionsBuilder builder, LagSimulator lag, Action<ReplicaOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(lag);
        return builder.UseSqlite(lag.Primary).AddInterceptors(lag.Interceptors).UseReplica(lag.Replica, replica =>
        {
            replica.PositionSource = lag.Positions;
            // The monitor must not run during a test that did not ask for it, or open files that the test deletes.
            replica.MonitorInterval = TimeSpan.Zero;
            options?.Invoke(replica);
        });
    }

    /// <inheritdoc cref="UseLagSimulator(DbContextOptionsBuilder, LagSimulator, Action{ReplicaOptions}?)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseLagSimulator<TContext>(
        this DbContextOptionsBuilder<TContext> builder, LagSimulator lag, Action<ReplicaOptions>? options = null)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)UseLagSimulator((DbContextOptionsBuilder)builder, lag, options);
}
