using System.Data.Common;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>Describes SQLite with Microsoft.Data.Sqlite. A replica is a file that another program copies. Source of the codes: SQLite's primary result codes.</summary>
internal sealed class SqliteProvider : DatabaseProvider
{
    private const int ReadOnlyDatabase = 8;

    // A copied file has no identity. This command reads its header.
    private static readonly ServerIdentityQuery Identity = new("PRAGMA schema_version", static _ => ServerIdentity.Unknown);

    public override SqlDialect Dialect => SqlDialect.Sqlite;

    protected override string OptionsPrefix => "Sqlite";

    protected override string NamePart => "Sqlite";

    protected override string ConnectionPrefix => "Sqlite";

    public override ServerIdentityQuery GetIdentity(string? engine, IPositionSource positions) => Identity;

    // In this mode, the file refuses writes and a missing file is not created. Its pool is separate from the primary's even if both strings are equal.
    public override string ToReadOnly(string connectionString)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (IsInMemory(builder))
            return connectionString;

        builder["Mode"] = "ReadOnly";
        return builder.ConnectionString;
    }

    public override string GetReadOnlyCommand(bool readOnly, bool inTransaction) => $"PRAGMA query_only = {(readOnly ? 1 : 0)}";

    protected override ReplicaErrorKind ClassifyServerError(DbException error) => GetCode(error) switch
    {
        // The file is busy or locked because it is being copied.
        5 or 6 => ReplicaErrorKind.Transient,
        // A disk error, a damaged file, a file that cannot be opened, or a file that is not SQLite's.
        10 or 11 or 14 or 26 => ReplicaErrorKind.Unavailable,
        // A function or collation that the application created only on the primary's connection. SQLite has no code for that.
        1 when error.Message.Contains("no such function", StringComparison.Ordinal) || error.Message.Contains("no such collation", StringComparison.Ordinal) => ReplicaErrorKind.Transient,
        _ => ReplicaErrorKind.Other,
    };

    protected override bool LacksObject(DbException error) =>
        error.GetType().Name == "SqliteException" && GetCode(error) == 1 && (error.Message.Contains("no such table", StringComparison.Ordinal) || error.Message.Contains("no such column", StringComparison.Ordinal));

    protected override bool RefusesWrite(DbException error) => error.GetType().Name == "SqliteException" && GetCode(error) == ReadOnlyDatabase;

    // A file's name is relative before it is opened, and absolute afterwards.
    protected override string GetServer(DbConnection connection) =>
        connection.DataSource is { } source and not ("" or ":memory:") && !source.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFullPath(source)
            // The parameters of a URI may hold a key.
            : base.GetServer(connection).Split('?')[0];

    private static bool IsInMemory(DbConnectionStringBuilder builder)
    {
        if (builder.TryGetValue("Mode", out var mode) && string.Equals(mode as string, "Memory", StringComparison.OrdinalIgnoreCase))
            return true;

        return (builder.TryGetValue("Data Source", out var source) || builder.TryGetValue("DataSource", out source) || builder.TryGetValue("Filename", out source))
            && source is string name
            && (name.Length == 0 || name.Contains(":memory:", StringComparison.Ordinal) || name.Contains("mode=memory", StringComparison.OrdinalIgnoreCase));
    }

    // The code is a property of SqliteException only. DbException's code is the same for all of its errors.
    private static int? GetCode(DbException error) => error.GetType().GetProperty("SqliteErrorCode")?.GetValue(error) as int?;
}
