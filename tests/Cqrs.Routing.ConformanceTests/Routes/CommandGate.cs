using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Holds the first command that EF is about to send.</summary>
internal sealed class CommandGate(Gate gate) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await gate.PassAsync(cancellationToken);
        return result;
    }
}
