using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing.Tests;

/// <summary>An application's interceptor: it answers deletions itself, or turns reads into something else.</summary>
/// <param name="read">What to send in place of each read; null to send it as it is.</param>
/// <param name="answersDeletes">Whether deletions are answered here and reach no server.</param>
internal sealed class Redirect(string? read = null, bool answersDeletes = false) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        command.CommandText = read ?? command.CommandText;
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(answersDeletes && command.CommandText.StartsWith("DELETE", StringComparison.Ordinal) ? InterceptionResult<int>.SuppressWithResult(7) : result);
}
