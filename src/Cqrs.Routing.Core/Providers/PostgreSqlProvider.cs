using System.Data.Common;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>Describes PostgreSQL with Npgsql. Source of the SQLSTATE codes: PostgreSQL documentation, appendix A.</summary>
internal sealed class PostgreSqlProvider : DatabaseProvider
{
    // The system identifier is unique per cluster, including its standbys. A promotion begins a new timeline; the names of its log files begin with the timeline's name.
    private static readonly ServerIdentityQuery Identity = new(
        """
        SELECT system_identifier::text, pg_is_in_recovery(),
               CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END
        FROM pg_control_system()
        """,
        static row => new(row.GetString(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2)))
    {
        CountsBytes = true,
    };

    public override SqlDialect Dialect => SqlDialect.PostgreSql;

    protected override string OptionsPrefix => "Npgsql";

    protected override string NamePart => "PostgreSQL";

    public override IPositionSource GetPositions(string? engine) => PositionSources.PostgreSql;

    public override ServerIdentityQuery GetIdentity(string? engine, IPositionSource positions) => Identity;

    // A read-only transaction cannot be made writable again, so inside one only the guard refuses writes.
    public override string? GetReadOnlyCommand(bool readOnly, bool inTransaction) => inTransaction ? null : $"SET default_transaction_read_only = {(readOnly ? "on" : "off")}";

    // Recognises Host=a,b and multi-host data sources.
    public override bool NamesSeveralServers(string? connectionString, DbDataSource? dataSource)
    {
        if (dataSource is not null)
            return dataSource.GetType().Name.Contains("MultiHost", StringComparison.Ordinal);

        return connectionString is not null
            && new DbConnectionStringBuilder { ConnectionString = connectionString }.TryGetValue("Host", out var host)
            && host is string hosts && hosts.Contains(',', StringComparison.Ordinal);
    }

    protected override ReplicaErrorKind ClassifyServerError(DbException error) => error.SqlState switch
    {
        // A standby cancels queries that block replay. Reads have no other serialization failures or deadlocks, so the translated error text need not be read.
        "40001" or "40P01" => ReplicaErrorKind.Transient,
        // The database was dropped, which a standby also replays, or the session was idle for too long.
        "57P04" or "57P05" => ReplicaErrorKind.Transient,
        // A prepared statement whose table was changed since, or a table that is not replicated (unlogged). The primary has another plan, and all tables.
        "0A000" => ReplicaErrorKind.Transient,
        // The server shut down, crashed, or is starting up.
        "57P01" or "57P02" or "57P03" => ReplicaErrorKind.Unavailable,
        // The server has too many connections.
        "53300" => ReplicaErrorKind.Unavailable,
        // This server has too little memory, disk space or another resource.
        ['5', '3', ..] => ReplicaErrorKind.Transient,
        // The connection was lost or refused.
        ['0', '8', ..] => ReplicaErrorKind.Unavailable,
        _ => ReplicaErrorKind.Other,
    };

    // Npgsql has no type or code for an exhausted pool.
    protected override bool IsPoolExhausted(Exception error) =>
        error is DbException { InnerException: TimeoutException } && error.Message.Contains("pool has been exhausted", StringComparison.Ordinal);

    protected override bool IsMissingType(Exception error) => error is InvalidCastException or NotSupportedException && error.Source == "Npgsql";

    // A table, a column, a function, another object, a schema; a permission.
    protected override bool LacksObject(DbException error) => error.SqlState is "42P01" or "42703" or "42883" or "42704" or "3F000" or "42501";

    // The code is usually 25006. A standby also answers with general codes, where only the message identifies the error (PostgreSQL 15).
    protected override bool RefusesWrite(DbException error) => error.SqlState switch
    {
        "25006" => true,
        "0A000" => error.Message.Contains("read-write mode during recovery", StringComparison.Ordinal),
        // "recovery is not in progress" is a primary's answer to pg_is_wal_replay_paused().
        "55000" or "XX000" => error.Message.Contains("recovery", StringComparison.Ordinal) && !error.Message.Contains("recovery is not in progress", StringComparison.Ordinal),
        _ => false,
    };
}
