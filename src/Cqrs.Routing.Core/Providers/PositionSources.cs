using Cqrs.Routing.Providers;

namespace Cqrs.Routing;

/// <summary>Provides the position sources of the library. Thread safe.</summary>
public static class PositionSources
{
    /// <summary>
    /// Gets the source that reads the position and timeline of PostgreSQL's write-ahead log. It is the default for Npgsql and needs no privilege. With
    /// <c>pg_read_all_stats</c>, it sees a standby's new timeline sooner after a failover. A standby that was promoted gives no position. Aurora does not replicate by
    /// this log: use <see cref="None"/> there.
    /// </summary>
    public static IPositionSource PostgreSql { get; } = new PostgreSqlPositions();

    /// <summary>
    /// Gets the source that reads the last commit of an availability group's database from <c>sys.dm_hadr_database_replica_states</c>. It is the default for SQL Server.
    /// It needs <c>VIEW SERVER STATE</c> (<c>VIEW SERVER PERFORMANCE STATE</c> from SQL Server 2022 on) on both servers.
    /// </summary>
    public static IPositionSource SqlServer { get; } = new SqlServerPositions("sys.dm_hadr_database_replica_states");

    /// <summary>
    /// Gets the same source for Azure SQL Database and Managed Instance, from <c>sys.dm_database_replica_states</c>. It is the default for <c>UseAzureSql</c>. Set it
    /// explicitly if you use Azure through <c>UseSqlServer</c>. It needs <c>VIEW DATABASE STATE</c> on both servers.
    /// </summary>
    public static IPositionSource AzureSql { get; } = new SqlServerPositions("sys.dm_database_replica_states");

    /// <summary>
    /// Gets the source without positions: a session reads from the primary for <see cref="ReplicaOptions.RecentWriteWindow"/> after a command. It is the default for
    /// every other database.
    /// </summary>
    public static IPositionSource None { get; } = new NoPositions();
}
