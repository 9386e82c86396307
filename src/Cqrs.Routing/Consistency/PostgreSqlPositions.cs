using System.Data.Common;

namespace Cqrs.Routing.Consistency;

/// <summary>The write-ahead log: what a primary has inserted into it, and what a standby has replayed of it.</summary>
/// <remarks>
/// Inserted rather than flushed: with <c>synchronous_commit = off</c> a commit returns before it is flushed. The system identifier is one per cluster,
/// standbys included.
/// </remarks>
internal sealed class PostgreSqlPositions : IPositionSource
{
    private const long PageSize = 8192;
    private const long PageHeader = 24;

    // One text for both, so that a replica's name that leads to a promoted standby, or to the primary itself, still tells the truth.
    public string PrimaryCommandText => """
        SELECT system_identifier::text,
               (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn)::bigint
        FROM pg_control_system()
        """;

    public string ReplicaCommandText => PrimaryCommandText;

    public ReplicationPosition? Read(DbDataReader row) =>
        row.IsDBNull(1) ? null : new(row.GetString(0), (UInt128)WithoutPageHeader(row.GetInt64(1)));

    // Where a record ends with its page, "inserted" is already behind the next page's header, which no replay can reach before the next record.
    private static long WithoutPageHeader(long position) => position % PageSize == PageHeader ? position - PageHeader : position;
}
