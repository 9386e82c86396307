using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>Reads positions of the write-ahead log: the last one inserted on a primary, and the last one replayed on a standby.</summary>
/// <remarks>
/// The inserted position is used, not the flushed one, because with <c>synchronous_commit = off</c> a commit returns before it is flushed. The system identifier is
/// unique per cluster, including its standbys. A promotion begins a new timeline.
/// </remarks>
internal sealed class PostgreSqlPositions : IPositionSource
{
    // PostgreSQL's SizeOfXLogShortPHD and SizeOfXLogLongPHD: a page begins with the short header, and the first page of a segment with the long one.
    private const long PageHeader = 24;
    private const long SegmentHeader = 40;

    public string PrimaryCommandText => """
        SELECT system_identifier::text, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, wal_block_size, bytes_per_wal_segment, true,
               substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
        FROM pg_control_system(), pg_control_init()
        """;

    // A promoted standby diverges from the primary, so its position is not comparable. The timeline is the one that its receiver follows. A standby requests a timeline
    // only if its replayed data belongs to it. Without a receiver, or without permission to see it (pg_read_all_stats), the control file gives the timeline; it is
    // updated later.
    public string ReplicaCommandText => """
        SELECT system_identifier::text, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, wal_block_size, bytes_per_wal_segment, pg_is_in_recovery(),
               upper(lpad(to_hex(COALESCE(
                   (SELECT received_tli FROM pg_stat_wal_receiver),
                   GREATEST((SELECT min_recovery_end_timeline FROM pg_control_recovery()), (SELECT timeline_id FROM pg_control_checkpoint())))), 8, '0'))
        FROM pg_control_system(), pg_control_init()
        """;

    /// <exception cref="InvalidOperationException">The server is not a standby.</exception>
    public ReplicationPosition? Read(DbDataReader row)
    {
        if (row.IsDBNull(0))
            return null;
        if (!row.GetBoolean(4))
            throw new InvalidOperationException("the replica is not in recovery: it was promoted, or its connection string leads to a primary");

        return row.IsDBNull(1)
            ? null
            : new(row.GetString(0), (UInt128)WithoutHeader(row.GetInt64(1), row.GetInt32(2), row.GetInt32(3))) { Timeline = row.IsDBNull(5) ? null : row.GetString(5) };
    }

    // If a record ends with its page, the "inserted" position is already behind the next page's header. No replay can reach that position before the next record.
    private static long WithoutHeader(long position, int pageSize, int segmentSize) =>
        position % segmentSize == SegmentHeader ? position - SegmentHeader
        : position % pageSize == PageHeader ? position - PageHeader
        : position;
}
