using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing;

/// <summary>Provides the position sources of the library. Thread safe.</summary>
public static class PositionSources
{
    // No real SQL Server has confirmed yet what its views say. So naming such a source is an error until the application accepts that. The defaults name none.
    private const string Unconfirmed = "CQRSR001";
    private const string UnconfirmedUrl = "https://github.com/cqrs-routing/cqrs-routing/blob/main/docs/providers/sql-server.md#cqrsr001";

    /// <summary>
    /// Gets the source that reads the position and timeline of PostgreSQL's write-ahead log. It is the default for Npgsql and needs no privilege. With
    /// <c>pg_read_all_stats</c>, it sees a standby's new timeline sooner after a failover. A standby that was promoted gives no position. Aurora does not replicate by
    /// this log: use <see cref="None"/> there.
    /// </summary>
    public static IPositionSource PostgreSql { get; } = new PostgreSqlPositions();

    /// <summary>
    /// Gets the source that reads the last commit of an availability group's database from <c>sys.dm_hadr_database_replica_states</c>. It is the default for SQL Server.
    /// It needs <c>VIEW SERVER STATE</c> (<c>VIEW SERVER PERFORMANCE STATE</c> from SQL Server 2022 on) on both servers.
    /// Experimental: it is tested against the client's protocol, not yet against a real availability group.
    /// </summary>
    [Experimental(Unconfirmed, UrlFormat = UnconfirmedUrl)]
    public static IPositionSource SqlServer => SqlServerPositions.AvailabilityGroup;

    /// <summary>
    /// Gets the same source for Azure SQL Database and Managed Instance, from <c>sys.dm_database_replica_states</c>. It is the default for <c>UseAzureSql</c>. Set it
    /// explicitly if you use Azure through <c>UseSqlServer</c>; that names it, so suppress CQRSR001 there. It needs <c>VIEW DATABASE STATE</c> on both servers.
    /// Experimental, as <see cref="SqlServer"/> is.
    /// </summary>
    [Experimental(Unconfirmed, UrlFormat = UnconfirmedUrl)]
    public static IPositionSource AzureSql => SqlServerPositions.Azure;

    /// <summary>
    /// Gets the source without positions: a session reads from the primary for <see cref="ReplicaOptions.RecentWriteWindow"/> after a command. It is the default for
    /// every other database.
    /// </summary>
    public static IPositionSource None { get; } = new NoPositions();
}
