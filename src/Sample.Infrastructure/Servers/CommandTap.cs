using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sample.Infrastructure.Servers;

/// <summary>Tells which server executed each database command: the evidence that the tour and the page rely on.</summary>
public sealed class CommandTap(DatabaseServers servers) : DbCommandInterceptor
{
    /// <summary>Raised after a command was executed, in the flow of whoever sent it.</summary>
    public event Action<ExecutedCommand>? Executed;

    /// <inheritdoc/>
    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result) =>
        Tell(command, result);

    /// <inheritdoc/>
    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        new(Tell(command, result));

    /// <inheritdoc/>
    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result) =>
        Tell(command, result);

    /// <inheritdoc/>
    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(Tell(command, result));

    /// <inheritdoc/>
    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result) =>
        Tell(command, result);

    /// <inheritdoc/>
    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default) =>
        new(Tell(command, result));

    private T Tell<T>(DbCommand command, T result)
    {
        Executed?.Invoke(new(servers.ServerOf(command.Connection!), command.CommandText));
        return result;
    }
}
