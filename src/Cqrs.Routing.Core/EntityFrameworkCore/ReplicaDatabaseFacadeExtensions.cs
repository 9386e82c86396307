using Cqrs.Routing;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Names replicas at run time, waits for them, and tells where a context went.</summary>
public static class ReplicaDatabaseFacadeExtensions
{
    /// <summary>
    /// Names the replica that belongs to a primary that was set at run time (<c>SetConnectionString</c>, <c>SetDbConnection</c>); without it such a
    /// context stays on its primary.
    /// </summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <param name="connectionString">The replica's connection string; null for none.</param>
    /// <exception cref="InvalidOperationException">The context was not configured with <c>UseReplica</c>, or its replica's connection is open.</exception>
    /// <remarks>Holds until the context is disposed or goes back to its pool.</remarks>
    public static void SetReplicaConnectionString(this DatabaseFacade database, string? connectionString)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (connectionString is not null && string.IsNullOrWhiteSpace(connectionString))
            throw new ArgumentException(ReplicaMessages.BlankString, nameof(connectionString));

        RoutedOf(database).SetReplica(connectionString);
    }

    /// <summary>Why this context last went where it went, in the request that is running; if it has not been used in it, why the request reads where it reads.</summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <returns>The decision and the steps to it; for a context without <c>UseReplica</c> that of <see cref="RouteScope.Explain"/>.</returns>
    public static RouteExplanation ExplainRoute(this DatabaseFacade database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.GetService<IRelationalConnection>() is RoutedConnection routed ? routed.Explain() : RouteScope.Explain();
    }

    /// <summary>Waits until the replica has replayed all that is committed on the primary now: for test fixtures, and for deployments that have just migrated.</summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <param name="timeout">How long to wait at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever. A replica that does not answer yet is waited for too.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Completes when it has; at once for a mirror, which shows everything.</returns>
    /// <exception cref="InvalidOperationException">There is no replica, or none of this primary, or no positions to compare (<see cref="ReplicaOptions.PositionSource"/>).</exception>
    /// <exception cref="TimeoutException">It has not in that time; the message says how far it got.</exception>
    /// <remarks>
    /// Asks both servers on connections of its own, so it may be called anywhere; what an open transaction has not committed is not waited for. Behind a load balancer one
    /// server has answered, and the next connection may lead to another.
    /// </remarks>
    public static Task WaitForReplicaAsync(this DatabaseFacade database, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time to wait for the replica is above zero, or Timeout.InfiniteTimeSpan.");

        return RoutedOf(database).WaitForReplicaAsync(timeout, cancellationToken);
    }

    private static RoutedConnection RoutedOf(DatabaseFacade database) =>
        database.GetService<IRelationalConnection>() as RoutedConnection
        ?? throw new InvalidOperationException("This context has no replica. Call UseReplica(...) in its options first; UseReplica(null) will do.");
}
