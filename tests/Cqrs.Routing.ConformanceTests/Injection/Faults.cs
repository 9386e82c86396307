using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>Errors as the drivers throw them.</summary>
internal static class Faults
{
    public const string Message = "injected";

    public static Exception Create(FaultKind kind, bool isPostgres) => kind switch
    {
        FaultKind.Application => new ApplicationFault(),
        FaultKind.Cancelled => new OperationCanceledException(Message),
        FaultKind.Timeout => isPostgres ? new NpgsqlException(Message, new TimeoutException()) : new SqliteException(Message, 9),
        FaultKind.Unavailable => isPostgres ? Postgres("57P01") : new SqliteException(Message, 14),
        FaultKind.Conflict => isPostgres ? Postgres("40001") : new SqliteException(Message, 5),
        _ => isPostgres ? Postgres("42P01") : new SqliteException(Message, 1),
    };

    private static PostgresException Postgres(string state) => new(Message, "ERROR", "ERROR", state);

    private sealed class ApplicationFault() : Exception(Faults.Message);
}
