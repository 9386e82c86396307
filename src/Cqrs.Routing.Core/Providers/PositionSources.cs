using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing;

/// <summary>The position sources that come with the library. Thread safe.</summary>
public static class PositionSources
{
    // No real SQL Server has confirmed yet what its views say. Naming such a source is therefore an error until the application accepts that; the defaults name none.
    private const string Unconfirmed = "CQRSR001";
    private const string UnconfirmedUrl = "https://github.com/cqrs-routing/cqrs-routing/blob/main/docs/providers/sql-server.md#cqrsr001";

    /// <summary>The write-ahead log's position and timeline. The default for Npgsql; needs no privilege, and with <c>pg_read_all_stats</c> knows a standby's new timeline sooner after a failover. A standby that was promoted tells none. Aurora does not replicate by it: take <see cref="None"/> there.</summary>
    public static IPositionSource PostgreSql { get; } = new PostgreSqlPositions();

    /// <summary>
    /// The last commit of an availability group's database, from <c>sys.dm_hadr_database_replica_states</c>. The default for SQL Server. Needs
    /// <c>VIEW SERVER STATE</c> (<c>VIEW SERVER PERFORMANCE STATE</c> from SQL Server 2022 on) on both servers. Experimental: tested against the client's protocol, not yet against a real availability group.
    /// </summary>
    [Experimental(Unconfirmed, UrlFormat = UnconfirmedUrl)]
    public static IPositionSource SqlServer => SqlServerPositions.AvailabilityGroup;

    /// <summary>
    /// The same for Azure SQL Database and Managed Instance, from <c>sys.dm_database_replica_states</c>. The default for <c>UseAzureSql</c>; name it if you reach Azure
    /// through <c>UseSqlServer</c>. Needs <c>VIEW DATABASE STATE</c> on both. Experimental, as <see cref="SqlServer"/> is.
    /// </summary>
    [Experimental(Unconfirmed, UrlFormat = UnconfirmedUrl)]
    public static IPositionSource AzureSql => SqlServerPositions.Azure;

    /// <summary>No positions: a session reads from the primary for <see cref="ReplicaOptions.RecentWriteWindow"/> after a command. The default for every other database.</summary>
    public static IPositionSource None { get; } = new NoPositions();
}
