using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing;

/// <summary>Records which EF Core commands reached which server, by the connection that they ran on. Works with every provider.</summary>
/// <param name="serverOf">Returns the server of a connection, from its data source, or from its connection string if both servers share a data
/// source.</param>
/// <remarks>
/// <para>
/// Add it to the context's options with <c>AddInterceptors</c>; a <see cref="LagSimulator"/> has its own instance. Thread safe.
/// </para>
/// <para>
/// Does not see commands that bypass EF Core (Dapper, raw ADO.NET), or the library's queries for replication positions. Does not count commands that
/// never reach a server: refused commands, and commands that an earlier interceptor answers itself, such as a cache.
/// </para>
/// </remarks>
public sealed class ServerCommands(Func<DbConnection, DatabaseRole> serverOf) : DbCommandInterceptor
{
    private readonly Lock _gate = new();
    private readonly List<(Guid Id, DatabaseRole Server, string Text)> _commands = [];

    /// <summary>Gets the texts of the commands that reached the primary, oldest first, as a copy.</summary>
    public IReadOnlyList<string> OnPrimary => On(DatabaseRole.Primary);

    /// <summary>Gets the texts of the commands that reached the replica, oldest first, as a copy.</summary>
    public IReadOnlyList<string> OnReplica => On(DatabaseRole.Replica);

    /// <summary>Removes all recorded commands, for example those that created and filled the database.</summary>
    public void Clear()
    {
        lock (_gate)
            _commands.Clear();
    }

    /// <summary>Asserts how many commands reached each server.</summary>
    /// <param name="primary">The expected number of commands on the primary.</param>
    /// <param name="replica">The expected number of commands on the replica.</param>
    /// <exception cref="RoutingAssertionException">A number differs. The message lists the commands.</exception>
    public void AssertCounts(int primary, int replica)
    {
        var (onPrimary, onReplica) = (OnPrimary, OnReplica);
        if (onPrimary.Count != primary || onReplica.Count != replica)
        {
            throw new RoutingAssertionException(
                $"Expected commands: {primary} on the primary, {replica} on the replica. There were {onPrimary.Count} and {onReplica.Count}."
                + Listed(DatabaseRole.Primary, onPrimary) + Listed(DatabaseRole.Replica, onReplica) + $"{Environment.NewLine}[CR307]");
        }
    }

    /// <inheritdoc/>
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Add(command, eventData, result);

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        new(Add(command, eventData, result));

    /// <inheritdoc/>
    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        Add(command, eventData, result);

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(Add(command, eventData, result));

    /// <inheritdoc/>
    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Add(command, eventData, result);

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Add(command, eventData, result));

    /// <inheritdoc/>
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Failed(eventData);

    /// <inheritdoc/>
    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Failed(eventData);
        return Task.CompletedTask;
    }

    private static string Listed(DatabaseRole server, IReadOnlyList<string> commands) =>
        string.Concat(commands.Select(command => $"{Environment.NewLine}  {server}: {command.ReplaceLineEndings(" ")}"));

    private InterceptionResult<T> Add<T>(DbCommand command, CommandEventData eventData, InterceptionResult<T> result)
    {
        // An earlier interceptor has answered the command, so it does not reach a server.
        if (result.HasResult)
            return result;

        var server = serverOf(command.Connection!);
        lock (_gate)
            _commands.Add((eventData.CommandId, server, command.CommandText));
        return result;
    }

    // An exception that is not a DbException means that the driver did not send the command, or that a later interceptor threw.
    private void Failed(CommandErrorEventData eventData)
    {
        if (eventData.Exception is DbException)
            return;

        lock (_gate)
            _commands.RemoveAll(command => command.Id == eventData.CommandId);
    }

    private List<string> On(DatabaseRole server)
    {
        lock (_gate)
            return [.. _commands.Where(command => command.Server == server).Select(command => command.Text)];
    }
}
