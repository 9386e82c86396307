using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>
/// Opens a SQLite replica file read-only: the file refuses writes by itself, a missing one is not created, and its pool is not the primary's
/// even if both strings are equal.
/// </summary>
internal static class SqliteReadOnly
{
    public static string Apply(string connectionString)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (IsInMemory(builder))
            return connectionString;

        builder["Mode"] = "ReadOnly";
        return builder.ConnectionString;
    }

    private static bool IsInMemory(DbConnectionStringBuilder builder)
    {
        if (builder.TryGetValue("Mode", out var mode) && string.Equals(mode as string, "Memory", StringComparison.OrdinalIgnoreCase))
            return true;

        return (builder.TryGetValue("Data Source", out var source) || builder.TryGetValue("DataSource", out source) || builder.TryGetValue("Filename", out source))
            && source is string name
            && (name.Length == 0 || name.Contains(":memory:", StringComparison.Ordinal) || name.Contains("mode=memory", StringComparison.OrdinalIgnoreCase));
    }
}
