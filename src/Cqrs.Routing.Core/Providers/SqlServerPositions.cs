using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>
/// Reads the last commit of an availability group's database; on a secondary, the last one redone. Each server is asked for its own row, because the view's values about
/// other servers may be out of date.
/// </summary>
/// <param name="view">The view of replica states. Its name differs between SQL Server and Azure SQL Database; its columns are the same.</param>
internal sealed class SqlServerPositions(string view) : IPositionSource
{
    public static readonly SqlServerPositions AvailabilityGroup = new("sys.dm_hadr_database_replica_states");

    public static readonly SqlServerPositions Azure = new("sys.dm_database_replica_states");

    public string PrimaryCommandText { get; } =
        $"SELECT CONVERT(nvarchar(36), group_database_id), last_commit_lsn FROM {view} WHERE is_local = 1 AND database_id = DB_ID()";

    public string ReplicaCommandText => PrimaryCommandText;

    public ReplicationPosition? Read(DbDataReader row) =>
        row.IsDBNull(0) || row.IsDBNull(1) ? null : new(row.GetString(0), (UInt128)row.GetDecimal(1));
}
