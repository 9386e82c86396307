using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Builds the commands of <c>ExecuteSql</c>.</summary>
internal sealed class ApplicationCommandBuilder(IRawSqlCommandBuilder inner) : IRawSqlCommandBuilder
{
    public IRelationalCommand Build(string sql) => new ApplicationCommand(inner.Build(sql));

    public RawSqlCommand Build(string sql, IEnumerable<object?> parameters) => Wrap(inner.Build(sql, parameters));

    public RawSqlCommand Build(string sql, IEnumerable<object?> parameters, IModel model) => Wrap(inner.Build(sql, parameters, model));

    private static RawSqlCommand Wrap(RawSqlCommand command) => new(new ApplicationCommand(command.RelationalCommand), command.ParameterValues);
}
