using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing;

/// <summary>Which commands of EF reached which server, told by where each connection really leads. Works with every provider.</summary>
/// <param name="serverOf">Tells where a connection leads: by its data source, or by its connection string where both servers share one.</param>
/// <remarks>
/// Add it to the context's options with <c>AddInterceptors</c>; a <see cref="LagSimulator"/> brings its own. Thread safe. What goes past EF (Dapper,
/// raw ADO.NET) is not seen, nor are the questions for a replica's position. What never reaches a server does not count: what was refused, and what another
/// interceptor answers itself (a cache), if that one was added earlier.
/// </remarks>
public sealed class ServerCommands(Func<DbConnection, DatabaseRole> serverOf) : DbCommandInterceptor
{
    private readonly Lock _gate = new();
    private readonly List<(Guid Id, DatabaseRole Server, string Text)> _commands = [];

    /// <summary>The texts of the commands that went to the primary, oldest first. A copy.</summary>
    public IReadOnlyList<string> OnPrimary => On(DatabaseRole.Primary);

    /// <summary>The texts of the commands that went to the replica, oldest first. A copy.</summary>
    public IReadOnlyList<string> OnReplica => On(DatabaseRole.Replica);

    /// <summary>Forgets all commands: those that created and filled the database, for example.</summary>
    public void Clear()
    {
        lock (_gate)
            _commands.Clear();
    }

    /// <summary>How many commands reached each server?</summary>
    /// <param name="primary">How many should have reached the primary.</param>
    /// <param name="replica">How many should have reached the replica.</param>
    /// <exception cref="RoutingAssertionException">It was another number on one of them; the message lists the commands.</exception>
    public void AssertCounts(int primary, int replica)
    {
        var (onPrimary, onReplica) = (OnPrimary, OnReplica);
        if (onPrimary.Count != primary || onReplica.Count != replica)
        {
            throw new RoutingAssertionException(
                $"Expected commands: {primary} on the primary, {replica} on the replica. There were {onPrimary.Count} and {onReplica.Count}."
                + Listed(DatabaseRole.Primary, onPrimary) + Listed(DatabaseRole.Replica, onReplica));
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
        // Answered by an interceptor before this one.
        if (result.HasResult)
            return result;

        var server = serverOf(command.Connection!);
        lock (_gate)
            _commands.Add((eventData.CommandId, server, command.CommandText));
        return result;
    }

    // What a driver throws that did not send a command, or an interceptor after this one, is no DbException.
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
