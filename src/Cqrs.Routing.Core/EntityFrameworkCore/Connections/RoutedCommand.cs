using System.Data.Common;
using Cqrs.Routing.EntityFrameworkCore.Guard;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>
/// A LINQ command that a context rents from its connection. The guard need not intercept a command that it knows to read. For every intercepted
/// command EF Core reports each step to the interceptor, which costs more than all the rest of routing.
/// </summary>
internal sealed class RoutedCommand(IRelationalCommand inner, RoutedConnection connection, WriteGuard guard, UninterceptedCommandLogger unguarded) : IRelationalCommand
{
    private string? _lastRead;

    public string CommandText => inner.CommandText;

    public string LogCommandText => inner.LogCommandText;

    public IReadOnlyList<IRelationalParameter> Parameters => inner.Parameters;

    public DbCommand CreateDbCommand(RelationalCommandParameterObject parameterObject, Guid commandId, DbCommandMethod commandMethod) =>
        inner.CreateDbCommand(parameterObject, commandId, commandMethod);

    public int ExecuteNonQuery(RelationalCommandParameterObject parameterObject) => inner.ExecuteNonQuery(Begun(parameterObject));

    public Task<int> ExecuteNonQueryAsync(RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteNonQueryAsync(Begun(parameterObject), cancellationToken);

    public object? ExecuteScalar(RelationalCommandParameterObject parameterObject) => inner.ExecuteScalar(Begun(parameterObject));

    public Task<object?> ExecuteScalarAsync(RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteScalarAsync(Begun(parameterObject), cancellationToken);

    public RelationalDataReader ExecuteReader(RelationalCommandParameterObject parameterObject) => inner.ExecuteReader(Unwatched(parameterObject));

    public Task<RelationalDataReader> ExecuteReaderAsync(RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteReaderAsync(Unwatched(parameterObject), cancellationToken);

    public void PopulateFrom(IRelationalCommandTemplate commandTemplate) => inner.PopulateFrom(commandTemplate);

    private RelationalCommandParameterObject Begun(RelationalCommandParameterObject parameters)
    {
        // Without this check the error would only report an open connection, and not the write on the replica.
        if (parameters.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete && connection.Replica.IsBusy && RouteFrame.Current is null)
            throw WriteRefusal.CreateReplicaException(connection.Context, WriteGuard.ExecuteAttempt);

        connection.BeginCommand(parameters.Connection, parameters.CommandSource, reads: false);
        return parameters;
    }

    private RelationalCommandParameterObject Unwatched(RelationalCommandParameterObject parameters)
    {
        // A statement without a marker counts as tracking.
        var target = connection.AreStatementsMarked ? parameters.Connection : connection.TrackingStatements.For(TrackingStatements.UnknownEntity);
        connection.BeginCommand(target, parameters.CommandSource, reads: true);
        var unwatched = parameters.Logger is not null && unguarded.Logger is not null && OnlyReads(inner.CommandText);
        if (!unwatched && connection.AreStatementsMarked)
            return parameters;

        connection.IsUnguarded = unwatched;
        return new(
            target,
            parameters.ParameterValues,
            parameters.ReaderColumns,
            parameters.Context,
            unwatched ? unguarded.Logger : parameters.Logger,
            parameters.DetailedErrorsEnabled,
            parameters.CommandSource);
    }

    // A context often sends the same command again, and EF Core reuses one string for it.
    private bool OnlyReads(string sql)
    {
        if (ReferenceEquals(sql, _lastRead))
            return true;
        if (!guard.OnlyReads(sql))
            return false;

        _lastRead = sql;
        return true;
    }
}
