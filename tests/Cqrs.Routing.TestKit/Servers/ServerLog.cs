using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>Every command that EF sends, by the server that the connection really leads to.</summary>
public sealed class ServerLog(DatabasePair pair) : DbCommandInterceptor
{
    private readonly ConcurrentQueue<(Server Server, string Text)> _commands = new();

    public IReadOnlyList<string> OnPrimary => Of(Server.Primary);

    public IReadOnlyList<string> OnReplica => Of(Server.Replica);

    /// <summary>Commands on the primary and on the replica, to be compared in one assertion.</summary>
    public (int Primary, int Replica) Counts => (OnPrimary.Count, OnReplica.Count);

    public void Clear() => _commands.Clear();

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Add(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        new(Add(command, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        Add(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(Add(command, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Add(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Add(command, result));

    private T Add<T>(DbCommand command, T result)
    {
        _commands.Enqueue((pair.ServerOf(command.Connection!), command.CommandText));
        return result;
    }

    private List<string> Of(Server server) => [.. _commands.Where(command => command.Server == server).Select(command => command.Text)];
}
