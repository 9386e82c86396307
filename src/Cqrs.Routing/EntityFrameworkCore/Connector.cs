using System.Data.Common;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Makes connections like one that a context has, from the same pool, for work beside the context.</summary>
internal static class Connector
{
    // A clone keeps what a string does not: passwords that the driver hides, access tokens, callbacks. SQLite has none of that, and no clones.
    public static Func<DbConnection> Of(DbConnection connection)
    {
        if (connection is ICloneable cloneable && cloneable.Clone() is DbConnection clone)
            return () => (DbConnection)((ICloneable)clone).Clone();

        var factory = DbProviderFactories.GetFactory(connection);
        var connectionString = connection.ConnectionString;
        return () =>
        {
            var created = factory?.CreateConnection() ?? throw new InvalidOperationException($"{connection.GetType().Name} has no provider factory to open a second connection with.");
            created.ConnectionString = connectionString;
            return created;
        };
    }
}
