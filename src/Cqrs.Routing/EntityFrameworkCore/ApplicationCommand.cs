using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// A command of <c>ExecuteSql</c>, which EF runs on the connection that <c>DbContext.Database</c> shows. EF itself takes that connection's bare one then, and that is
/// not the application's doing, so the command runs on what is behind it.
/// </summary>
internal sealed class ApplicationCommand(IRelationalCommand inner) : IRelationalCommand
{
    public string CommandText => inner.CommandText;

    public string LogCommandText => inner.LogCommandText;

    public IReadOnlyList<IRelationalParameter> Parameters => inner.Parameters;

    public DbCommand CreateDbCommand(RelationalCommandParameterObject parameterObject, Guid commandId, DbCommandMethod commandMethod) =>
        inner.CreateDbCommand(OnRouted(parameterObject), commandId, commandMethod);

    public int ExecuteNonQuery(RelationalCommandParameterObject parameterObject) => inner.ExecuteNonQuery(OnRouted(parameterObject));

    public Task<int> ExecuteNonQueryAsync(RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteNonQueryAsync(OnRouted(parameterObject), cancellationToken);

    public object? ExecuteScalar(RelationalCommandParameterObject parameterObject) => inner.ExecuteScalar(OnRouted(parameterObject));

    public Task<object?> ExecuteScalarAsync(RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteScalarAsync(OnRouted(parameterObject), cancellationToken);

    public RelationalDataReader ExecuteReader(RelationalCommandParameterObject parameterObject) => inner.ExecuteReader(OnRouted(parameterObject));

    public Task<RelationalDataReader> ExecuteReaderAsync(RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteReaderAsync(OnRouted(parameterObject), cancellationToken);

    public void PopulateFrom(IRelationalCommandTemplate commandTemplate) => inner.PopulateFrom(commandTemplate);

    private static RelationalCommandParameterObject OnRouted(RelationalCommandParameterObject parameters) =>
        parameters.Connection is ApplicationConnection application
            ? new(
                application.Routed,
                parameters.ParameterValues,
                parameters.ReaderColumns,
                parameters.Context,
                parameters.Logger,
                parameters.DetailedErrorsEnabled,
                parameters.CommandSource)
            : parameters;
}
