using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>Recognises how a read-only database refuses a write.</summary>
internal static class ReadOnlyErrorDetector
{
    private const int SqliteReadOnlyError = 8;

    // "Failed to update database because the database is read-only."
    private const string SqlServerReadOnly = "3906";

    public static bool IsRefusedWrite(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException error && (IsPostgreSql(error) || IsSqlite(error) || IsSqlServer(error)))
                return true;
        }

        return false;
    }

    // Mostly 25006; a standby also answers with general codes, where only the message tells (PostgreSQL 15).
    private static bool IsPostgreSql(DbException error) => error.SqlState switch
    {
        "25006" => true,
        "0A000" => error.Message.Contains("read-write mode during recovery", StringComparison.Ordinal),
        // "recovery is not in progress" is a primary's answer to pg_is_wal_replay_paused().
        "55000" or "XX000" => error.Message.Contains("recovery", StringComparison.Ordinal) && !error.Message.Contains("recovery is not in progress", StringComparison.Ordinal),
        _ => false,
    };

    // SqliteException has its code in a property of its own: DbException's is the same for all of them.
    private static bool IsSqlite(DbException error) =>
        error.GetType() is { Name: "SqliteException" } type && type.GetProperty("SqliteErrorCode")?.GetValue(error) is SqliteReadOnlyError;

    // SqlException keeps its number out of DbException, but leaves it in Data.
    private static bool IsSqlServer(DbException error) =>
        error.GetType().Name == "SqlException" && error.Data["HelpLink.EvtID"] as string == SqlServerReadOnly;
}
