using System.Data.Common;

namespace Cqrs.Routing.ConformanceTests.Mirror;

internal static class MirrorTesting
{
    /// <summary>The pair's provider over a connection that the test itself has open.</summary>
    public static DbContextOptionsBuilder Over(DatabasePair pair, DbContextOptionsBuilder builder, DbConnection connection) =>
        pair is SqlitePair ? builder.UseSqlite(connection) : builder.UseNpgsql(connection);
}
