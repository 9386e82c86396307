using Cqrs.Routing;
using Cqrs.Routing.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Names replicas at run time, and tells where a context went.</summary>
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

        var connection = database.GetService<IRelationalConnection>() as RoutedConnection
            ?? throw new InvalidOperationException("This context has no replica to change. Call UseReplica(...) in its options first; UseReplica(null) will do.");
        connection.SetReplica(connectionString);
    }

    /// <summary>Why this context last went where it went, in the request that is running; if it has not been used in it, why the request reads where it reads.</summary>
    /// <param name="database">The context's <c>Database</c>.</param>
    /// <returns>The decision and the steps to it; for a context without <c>UseReplica</c> that of <see cref="RouteScope.Explain"/>.</returns>
    public static RouteExplanation ExplainRoute(this DatabaseFacade database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.GetService<IRelationalConnection>() is RoutedConnection routed ? routed.Explain() : RouteScope.Explain();
    }
}
