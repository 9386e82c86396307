using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Cqrs.Routing.Load.Chaos.Servers;

/// <summary>Counts what EF sends to the replica and does not read. Thread safe.</summary>
internal sealed class ReplicaWrites(int replicaPort) : DbCommandInterceptor
{
    private long _writes;
    private long _reads;

    public long Writes => Interlocked.Read(ref _writes);

    public long Reads => Interlocked.Read(ref _reads);

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Look(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        new(Look(command, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Look(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Look(command, result));

    private T Look<T>(DbCommand command, T result)
    {
        if (new NpgsqlConnectionStringBuilder(command.Connection!.ConnectionString).Port != replicaPort)
            return result;

        if (command.CommandText.StartsWith("SELECT", StringComparison.Ordinal))
            Interlocked.Increment(ref _reads);
        else
            Interlocked.Increment(ref _writes);
        return result;
    }
}
