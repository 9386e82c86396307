using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>Holds the next connection that EF is about to open.</summary>
internal sealed class OpeningGate(Gate gate) : DbConnectionInterceptor
{
    private volatile bool _armed;

    public void Arm() => _armed = true;

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (_armed)
            await gate.PassAsync(cancellationToken);
        return result;
    }
}
