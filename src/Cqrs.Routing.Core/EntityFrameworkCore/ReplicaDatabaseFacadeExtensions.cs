using Cqrs.Routing;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Names replicas at run time, waits for them, and explains the route of a context.</summary>
public static class ReplicaDatabaseFacadeExtensions
{
    /// <summary>
    /// Names the replica that belongs to a primary that was set at run time (<c>SetConnectionString</c>, <c>SetDbConnection</c>). Without it the
    /// context stays on its primary.
    /// </summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <param name="connectionString">The replica's connection string. Null undoes an earlier call: the replica of the options serves again, or none if the
    /// primary was set at run time.</param>
    /// <exception cref="ArgumentException">The connection string is blank.</exception>
    /// <exception cref="InvalidOperationException">The context was not configured with <c>UseReplica</c>, or its replica's connection is open.</exception>
    /// <remarks>Applies until the context is disposed or returned to its pool.</remarks>
    public static void SetReplicaConnectionString(this DatabaseFacade database, string? connectionString)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (connectionString is not null && string.IsNullOrWhiteSpace(connectionString))
            throw new ArgumentException(ReplicaMessages.BlankString, nameof(connectionString));

        RoutedOf(database).SetReplica(connectionString);
    }

    /// <summary>
    /// Returns the explanation of this context's last route in the running request. If the request has not used the context, returns the explanation
    /// of the request's route.
    /// </summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <returns>The decision and the steps that led to it. For a context without <c>UseReplica</c>, that it stays on its own
    /// server.</returns>
    public static RouteExplanation ExplainRoute(this DatabaseFacade database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var context = ContextOf(database);
        return RoutedConnection.Find(context)?.Explain() ?? RouteExplainer.ExplainUnrouted(TypeNames.Format(context.GetType()));
    }

    /// <summary>
    /// Waits until the replica has replayed everything that is committed on the primary at the time of the call. For test fixtures, and for
    /// deployments after a migration.
    /// </summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <param name="timeout">The maximum time to wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit. The method also waits for a replica that
    /// does not answer yet.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the replica has caught up. For a mirror it completes at once, because a mirror shows everything.</returns>
    /// <exception cref="InvalidOperationException">
    /// The context has no replica, the replica belongs to another primary, or there are no positions to compare
    /// (<see cref="ReplicaOptions.PositionSource"/>).
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is neither above zero nor infinite.</exception>
    /// <exception cref="TimeoutException">The replica has not caught up in that time. The message contains its progress.</exception>
    /// <remarks>
    /// Asks both servers on connections of its own, so it may be called anywhere. Does not wait for uncommitted changes of an open transaction.
    /// Behind a load balancer only one server has answered, and the next connection may lead to another.
    /// </remarks>
    public static Task WaitForReplicaAsync(this DatabaseFacade database, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time to wait for the replica must be above zero, or Timeout.InfiniteTimeSpan. [CR234]");

        return RoutedOf(database).WaitForReplicaAsync(timeout, cancellationToken);
    }

    private static RoutedConnection RoutedOf(DatabaseFacade database)
    {
        var context = ContextOf(database);
        return RoutedConnection.Find(context) ?? throw new InvalidOperationException(ReplicaMessages.NotRouted(TypeNames.Format(context.GetType())));
    }

    private static DbContext ContextOf(DatabaseFacade database) => database.GetService<ICurrentDbContext>().Context;
}
