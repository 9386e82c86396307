using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>An interceptor as people write it by hand: whatever connection opens is pointed at the server that is wanted.</summary>
internal sealed class ConnectionStringRewriter(string primary, string replica) : DbConnectionInterceptor
{
    public static readonly AsyncLocal<bool> ReplicaIsWanted = new();

    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        connection.ConnectionString = ReplicaIsWanted.Value ? replica : primary;
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        connection.ConnectionString = ReplicaIsWanted.Value ? replica : primary;
        return new(result);
    }
}
