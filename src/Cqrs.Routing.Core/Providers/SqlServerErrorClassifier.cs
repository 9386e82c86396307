using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;

namespace Cqrs.Routing.Providers;

/// <summary>Error numbers, Microsoft's documentation of SQL Server, Always On and Azure SQL Database; a client's own are those of Windows sockets.</summary>
internal sealed class SqlServerErrorClassifier : ReplicaErrorClassifier
{
    private const int Timeout = -2;

    /// <summary>From this severity on the connection is over, whoever ended it. A broken socket has nothing else to tell it by: outside Windows its number is 0.</summary>
    private const byte FirstFatalClass = 20;

    // 3961: the metadata changed under a snapshot; 1219: the session stood in the way of a DDL statement that is replayed; 3947: the secondary could not follow; 1205: a deadlock, with replay.
    private static readonly FrozenSet<int> Conflicts = FrozenSet.Create(3961, 1219, 3947, 1205);

    private static readonly FrozenSet<int> Unavailable = FrozenSet.Create(
        // The network.
        20, 53, 64, 121, 232, 233, 258, 997, 1225, 10053, 10054, 10060, 10061, 11001,
        // The database cannot be opened, or is none to read from: an availability group in failover, a restore.
        4060, 927, 945, 976, 978, 979, 982, 983, 988, 990,
        // The login failed; the server is paused or shuts down; the session was killed.
        18456, 6005, 17142, 17143, 17147, 596,
        // Azure SQL Database: failover in progress, busy, out of workers or sessions.
        40197, 40501, 40540, 40613, 10928, 10929, 49918, 49919, 49920);

    protected override ReplicaErrorKind OfServer(DbException error) => NumberOf(error) switch
    {
        { } number when Conflicts.Contains(number) => ReplicaErrorKind.Transient,
        { } number when Unavailable.Contains(number) => ReplicaErrorKind.Unavailable,
        _ when ClassOf(error) >= FirstFatalClass => ReplicaErrorKind.Unavailable,
        _ => ReplicaErrorKind.Other,
    };

    protected override bool HasTimedOut(Exception error) => error is DbException database && NumberOf(database) == Timeout;

    // SqlClient throws it as an InvalidOperationException, without a number.
    protected override bool IsPoolExhausted(Exception error) =>
        error is InvalidOperationException && error.Message.Contains("obtaining a connection from the pool", StringComparison.Ordinal);

    // SqlException keeps its number out of DbException, but leaves it in Data.
    private static int? NumberOf(DbException error) =>
        int.TryParse(error.Data["HelpLink.EvtID"] as string, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // In a property of SqlException's own.
    private static byte? ClassOf(DbException error) => error.GetType().GetProperty("Class")?.GetValue(error) as byte?;
}
