using System.Data.Common;
using Cqrs.Routing.Positions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>
/// Opens connections like one of a context, from the same pool. They are for work beside the context, which may be disposed by then.
/// </summary>
internal static class SideConnections
{
    /// <param name="connection">The connection that the new connections copy.</param>
    /// <param name="dependencies">The context's dependencies. They are kept only if the application intercepts connections: an interceptor may set
    /// the user or a token when a connection is opened.</param>
    public static SideConnection Like(DbConnection connection, RelationalConnectionDependencies dependencies)
    {
        var create = Copy(connection);
        return dependencies.ConnectionLogger.Interceptors?.Aggregate<IDbConnectionInterceptor>() is null
            ? (async, cancellationToken) => OpenAsync(create(), opener: null, async, cancellationToken)
            : (async, cancellationToken) =>
            {
                var created = create();
                return OpenAsync(created, new InterceptedConnection(dependencies, created), async, cancellationToken);
            };
    }

    // A clone keeps data that a connection string lacks: passwords that the driver hides, access tokens, callbacks. SQLite has no such data and
    // cannot clone connections.
    private static Func<DbConnection> Copy(DbConnection connection)
    {
        if (connection is ICloneable cloneable && cloneable.Clone() is DbConnection clone)
            return () => (DbConnection)((ICloneable)clone).Clone();

        var factory = DbProviderFactories.GetFactory(connection);
        var connectionString = connection.ConnectionString;
        return () =>
        {
            var created = factory?.CreateConnection() ?? throw new InvalidOperationException($"{connection.GetType().Name} has no provider factory and cannot be cloned, so no second connection can be opened. Override its DbProviderFactory, or implement ICloneable. [CR233]");
            created.ConnectionString = connectionString;
            return created;
        };
    }

    private static async ValueTask<DbConnection> OpenAsync(DbConnection connection, InterceptedConnection? opener, bool async, CancellationToken cancellationToken)
    {
        try
        {
            if (!async)
            {
                if (opener is null)
                    connection.Open();
                else
                    opener.Open(errorsExpected: true);
            }
            else
            {
                await (opener?.OpenAsync(cancellationToken, errorsExpected: true) ?? connection.OpenAsync(cancellationToken)).ConfigureAwait(false);
            }

            return connection;
        }
        catch (Exception)
        {
            if (async)
                await connection.DisposeAsync().ConfigureAwait(false);
            else
                connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection through EF Core, so that the application's interceptors run. Does not own the connection.</summary>
    private sealed class InterceptedConnection : RelationalConnection
    {
        public InterceptedConnection(RelationalConnectionDependencies dependencies, DbConnection connection)
            : base(dependencies) => SetDbConnection(connection, contextOwnsConnection: false);

        protected override DbConnection CreateDbConnection() => throw new NotSupportedException();
    }
}
