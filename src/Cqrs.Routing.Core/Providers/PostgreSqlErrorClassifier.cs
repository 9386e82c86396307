using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>SQLSTATE codes, PostgreSQL documentation, appendix A.</summary>
internal sealed class PostgreSqlErrorClassifier : ReplicaErrorClassifier
{
    protected override ReplicaErrorKind OfServer(DbException error) => error.SqlState switch
    {
        // A standby cancels what stands in the way of replay. Reads have no other serialization failures or deadlocks, so the text, which is translated, need not be read.
        "40001" or "40P01" => ReplicaErrorKind.Transient,
        // The database was dropped, which on a standby is replay as well; the session was idle for too long.
        "57P04" or "57P05" => ReplicaErrorKind.Transient,
        // A prepared statement whose table was changed since, or a table that is not replicated (unlogged): the primary has another plan, and all tables.
        "0A000" => ReplicaErrorKind.Transient,
        // Shut down, crashed, starting up.
        "57P01" or "57P02" or "57P03" => ReplicaErrorKind.Unavailable,
        // Too many connections.
        "53300" => ReplicaErrorKind.Unavailable,
        // Out of memory, disk or another resource, as far as this server is concerned.
        ['5', '3', ..] => ReplicaErrorKind.Transient,
        // The connection was lost or refused.
        ['0', '8', ..] => ReplicaErrorKind.Unavailable,
        _ => ReplicaErrorKind.Other,
    };

    // Npgsql has no type or code for it.
    protected override bool IsPoolExhausted(Exception error) =>
        error is DbException { InnerException: TimeoutException } && error.Message.Contains("pool has been exhausted", StringComparison.Ordinal);
}
