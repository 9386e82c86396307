using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>How one kind of database tells who it is.</summary>
/// <param name="Text">The command; null where there is none that every such database understands, so that opening a connection has to do.</param>
/// <param name="Read">Reads its one row.</param>
internal sealed record ServerIdentityQuery(string? Text, Func<DbDataReader, ServerIdentity> Read)
{
    /// <summary>In seconds, as for positions: a server that needs longer is in no state to serve a query either.</summary>
    private const int Timeout = 2;

    /// <summary>PostgreSQL: the system identifier is one per cluster, standbys included. A promotion begins a timeline, whose name begins those of its log files.</summary>
    public static readonly ServerIdentityQuery PostgreSql = new(
        """
        SELECT system_identifier::text, pg_is_in_recovery(),
               CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END
        FROM pg_control_system()
        """,
        static row => new(row.GetString(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2)));

    /// <summary>SQL Server. The family is one per database and its copies; a forced failover begins a recovery fork. A snapshot is known by no family.</summary>
    public static readonly ServerIdentityQuery SqlServer = new(
        """
        SELECT CASE WHEN DB_ID() IN (SELECT database_id FROM sys.databases WHERE source_database_id IS NOT NULL) THEN NULL ELSE CONVERT(nvarchar(36), family_guid) END,
               CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')), CONVERT(nvarchar(36), recovery_fork_guid)
        FROM (SELECT 1 AS one) AS one LEFT JOIN sys.database_recovery_status ON database_id = DB_ID()
        """,
        ReadSqlServer);

    /// <summary>Azure SQL Database, which has no such view.</summary>
    public static readonly ServerIdentityQuery AzureSql = new(
        "SELECT CONVERT(nvarchar(36), NULL), CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')), CONVERT(nvarchar(36), NULL)",
        ReadSqlServer);

    /// <summary>SQLite: a copied file does not know that it is one. This reads its header.</summary>
    public static readonly ServerIdentityQuery Sqlite = new("PRAGMA schema_version", static _ => ServerIdentity.Unknown);

    public static readonly ServerIdentityQuery None = new(null, static _ => ServerIdentity.Unknown);

    public async Task<ServerIdentity> AskAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (Text is null)
            return ServerIdentity.Unknown;

        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = Text;
            command.CommandTimeout = Timeout;
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader) : ServerIdentity.Unknown;
        }
    }

    private static ServerIdentity ReadSqlServer(DbDataReader row)
    {
        var isReadOnly = row.IsDBNull(1) ? (bool?)null : row.GetString(1) == "READ_ONLY";
        return new(row.IsDBNull(0) ? null : row.GetString(0), isReadOnly, isReadOnly == true || row.IsDBNull(2) ? null : row.GetString(2));
    }
}
