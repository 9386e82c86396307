using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>
/// Describes SQL Server and Azure SQL Database with SqlClient. Sources of the error numbers: Microsoft's documentation of SQL Server, Always On and Azure SQL Database. A
/// client's own numbers are those of Windows sockets.
/// </summary>
internal sealed class SqlServerProvider : DatabaseProvider
{
    private const string AzureSql = "AzureSql";
    private const int Timeout = -2;

    // "Failed to update database because the database is read-only."
    private const int DatabaseIsReadOnly = 3906;

    // From this severity on, the connection is closed, by either side. A broken socket has no other sign: outside Windows its number is 0.
    private const byte FirstFatalClass = 20;

    // 3961: the metadata changed under a snapshot. 1219: the session blocked a DDL statement that is replayed. 3947: the secondary could not follow. 1205: a deadlock
    // with replay.
    private static readonly FrozenSet<int> Conflicts = FrozenSet.Create(3961, 1219, 3947, 1205);

    private static readonly FrozenSet<int> Unavailable = FrozenSet.Create(
        // Errors of the network.
        20, 53, 64, 121, 232, 233, 258, 997, 1225, 10053, 10054, 10060, 10061, 11001,
        // The database cannot be opened or read: an availability group in failover, a restore.
        4060, 927, 945, 976, 978, 979, 982, 983, 988, 990,
        // The login failed, the server is paused or shuts down, or the session was killed.
        18456, 6005, 17142, 17143, 17147, 596,
        // Azure SQL Database: failover in progress, busy, out of workers or sessions.
        40197, 40501, 40540, 40613, 10928, 10929, 49918, 49919, 49920);

    // The family is unique per database and its copies. A forced failover begins a new recovery fork. A snapshot has no family.
    private static readonly ServerIdentityQuery Identity = new(
        """
        SELECT CASE WHEN DB_ID() IN (SELECT database_id FROM sys.databases WHERE source_database_id IS NOT NULL) THEN NULL ELSE CONVERT(nvarchar(36), family_guid) END,
               CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')), CONVERT(nvarchar(36), recovery_fork_guid)
        FROM (SELECT 1 AS one) AS one LEFT JOIN sys.database_recovery_status ON database_id = DB_ID()
        """,
        ReadIdentity);

    // Azure SQL Database has no such view.
    private static readonly ServerIdentityQuery AzureIdentity = new(
        "SELECT CONVERT(nvarchar(36), NULL), CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')), CONVERT(nvarchar(36), NULL)",
        ReadIdentity);

    public override SqlDialect Dialect => SqlDialect.SqlServer;

    protected override string OptionsPrefix => "SqlServer";

    protected override string NamePart => "SqlServer";

    // UseSqlServer, UseAzureSql and UseAzureSynapse share their options, which contain the engine.
    public override IPositionSource GetPositions(string? engine) => engine switch
    {
        AzureSql => SqlServerPositions.Azure,
        // Azure Synapse has no replicas.
        "AzureSynapse" => PositionSources.None,
        _ => SqlServerPositions.AvailabilityGroup,
    };

    public override ServerIdentityQuery GetIdentity(string? engine, IPositionSource positions) =>
        engine?.StartsWith("Azure", StringComparison.Ordinal) == true || ReferenceEquals(positions, SqlServerPositions.Azure) ? AzureIdentity : Identity;

    public override string ToReadOnlyIntent(string connectionString)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = connectionString };
        builder.Remove("ApplicationIntent");
        builder["Application Intent"] = "ReadOnly";
        return builder.ConnectionString;
    }

    protected override ReplicaErrorKind ClassifyServerError(DbException error) => GetNumber(error) switch
    {
        { } number when Conflicts.Contains(number) => ReplicaErrorKind.Transient,
        { } number when Unavailable.Contains(number) => ReplicaErrorKind.Unavailable,
        _ when GetClass(error) >= FirstFatalClass => ReplicaErrorKind.Unavailable,
        _ => ReplicaErrorKind.Other,
    };

    protected override bool HasTimedOut(Exception error) => error is DbException database && GetNumber(database) == Timeout;

    // SqlClient throws this error as an InvalidOperationException, without a number.
    protected override bool IsPoolExhausted(Exception error) =>
        error is InvalidOperationException && error.Message.Contains("obtaining a connection from the pool", StringComparison.Ordinal);

    // An invalid object or column, a missing procedure or function; a permission on an object or a database.
    protected override bool LacksObject(DbException error) => error.GetType().Name == "SqlException" && GetNumber(error) is 208 or 207 or 2812 or 4121 or 229 or 230 or 916;

    protected override bool RefusesWrite(DbException error) => error.GetType().Name == "SqlException" && GetNumber(error) == DatabaseIsReadOnly;

    private static ServerIdentity ReadIdentity(DbDataReader row)
    {
        var isReadOnly = row.IsDBNull(1) ? (bool?)null : row.GetString(1) == "READ_ONLY";
        return new(row.IsDBNull(0) ? null : row.GetString(0), isReadOnly, isReadOnly == true || row.IsDBNull(2) ? null : row.GetString(2));
    }

    // SqlException does not expose its number through DbException, but stores it in Data.
    private static int? GetNumber(DbException error) =>
        int.TryParse(error.Data["HelpLink.EvtID"] as string, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The class is a property of SqlException only.
    private static byte? GetClass(DbException error) => error.GetType().GetProperty("Class")?.GetValue(error) as byte?;
}
