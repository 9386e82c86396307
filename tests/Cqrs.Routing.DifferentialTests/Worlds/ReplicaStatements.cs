using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>Counts what the replica answers: a run in which it never does would agree with everything.</summary>
public sealed class ReplicaStatements : DbCommandInterceptor
{
    private long _count;

    public static ReplicaStatements Instance { get; } = new();

    public static long Count => Interlocked.Read(ref Instance._count);

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        See(command);
        return result;
    }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        See(command);
        return new(result);
    }

    // The library opens SQLite replicas in this mode.
    private void See(DbCommand command)
    {
        if (command.Connection?.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase) == true)
            Interlocked.Increment(ref _count);
    }
}
