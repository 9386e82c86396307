using System.Data.Common;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>SQLite, through Microsoft.Data.Sqlite: a replica is a file that something else copies to. Codes: SQLite's primary result codes.</summary>
internal sealed class SqliteProvider : DatabaseProvider
{
    private const int ReadOnlyDatabase = 8;

    // A copied file does not know that it is one. This reads its header.
    private static readonly ServerIdentityQuery Identity = new("PRAGMA schema_version", static _ => ServerIdentity.Unknown);

    public override SqlDialect Dialect => SqlDialect.Sqlite;

    protected override string OptionsPrefix => "Sqlite";

    protected override string NamePart => "Sqlite";

    protected override string ConnectionPrefix => "Sqlite";

    public override ServerIdentityQuery GetIdentity(string? engine, IPositionSource positions) => Identity;

    // The file then refuses writes by itself, a missing one is not created, and its pool is not the primary's even if both strings are equal.
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
        // Busy, locked: it is being copied.
        5 or 6 => ReplicaErrorKind.Transient,
        // An error of the disk, a damaged file, none that can be opened, none of SQLite's.
        10 or 11 or 14 or 26 => ReplicaErrorKind.Unavailable,
        // A function or collation that the application has created on the primary's connection alone. SQLite has no code for that.
        1 when error.Message.Contains("no such function", StringComparison.Ordinal) || error.Message.Contains("no such collation", StringComparison.Ordinal) => ReplicaErrorKind.Transient,
        _ => ReplicaErrorKind.Other,
    };

    protected override bool RefusesWrite(DbException error) => error.GetType().Name == "SqliteException" && GetCode(error) == ReadOnlyDatabase;

    // A file's name is relative before it is open, and not afterwards.
    protected override string GetServer(DbConnection connection) =>
        connection.DataSource is { } source and not ("" or ":memory:") && !source.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFullPath(source)
            : base.GetServer(connection);

    private static bool IsInMemory(DbConnectionStringBuilder builder)
    {
        if (builder.TryGetValue("Mode", out var mode) && string.Equals(mode as string, "Memory", StringComparison.OrdinalIgnoreCase))
            return true;

        return (builder.TryGetValue("Data Source", out var source) || builder.TryGetValue("DataSource", out source) || builder.TryGetValue("Filename", out source))
            && source is string name
            && (name.Length == 0 || name.Contains(":memory:", StringComparison.Ordinal) || name.Contains("mode=memory", StringComparison.OrdinalIgnoreCase));
    }

    // In a property of SqliteException's own: DbException's code is the same for all of them.
    private static int? GetCode(DbException error) => error.GetType().GetProperty("SqliteErrorCode")?.GetValue(error) as int?;
}
