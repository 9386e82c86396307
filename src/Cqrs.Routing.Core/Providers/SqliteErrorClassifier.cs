using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>SQLite's primary result codes: a replica is a file that somebody else copies to.</summary>
internal sealed class SqliteErrorClassifier : ReplicaErrorClassifier
{
    protected override ReplicaErrorKind OfServer(DbException error) => CodeOf(error) switch
    {
        // Busy, locked: it is being copied.
        5 or 6 => ReplicaErrorKind.Transient,
        // An error of the disk, a damaged file, none that can be opened, none of SQLite's.
        10 or 11 or 14 or 26 => ReplicaErrorKind.Unavailable,
        // A function or collation that the application has created on the primary's connection alone. SQLite has no code for that.
        1 when error.Message.Contains("no such function", StringComparison.Ordinal) || error.Message.Contains("no such collation", StringComparison.Ordinal) => ReplicaErrorKind.Transient,
        _ => ReplicaErrorKind.Other,
    };

    // In a property of SqliteException's own: DbException's code is the same for all of them.
    private static int? CodeOf(DbException error) => error.GetType().GetProperty("SqliteErrorCode")?.GetValue(error) as int?;
}
