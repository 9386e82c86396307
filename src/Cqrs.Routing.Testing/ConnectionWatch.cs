using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Testing;

/// <summary>Lets the simulator look for commits when a connection to the primary closes, and before a connection to the replica opens.</summary>
internal sealed class ConnectionWatch(LagSimulator lag) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Opening(connection);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Opening(connection);
        return new(result);
    }

    public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Closed(connection);

    public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Closed(connection);
        return Task.CompletedTask;
    }

    private void Opening(DbConnection connection)
    {
        if (LagSimulator.ServerOf(connection) == DatabaseRole.Replica)
            lag.Observe();
    }

    private void Closed(DbConnection connection)
    {
        if (LagSimulator.ServerOf(connection) == DatabaseRole.Primary)
            lag.Observe();
    }
}
