using System.Data.Common;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;

namespace Cqrs.Routing.EntityFrameworkCore.Freshness;

/// <summary>Where several servers answer for the replica, a session remembers what it saw on one of them.</summary>
internal sealed partial class FreshnessCheck
{
    private const string Savepoint = "cqrs_routing_position";

    /// <summary>A query is done with the replica. Another server may answer the session's next one, which must have all that this one saw.</summary>
    public async ValueTask RecordAsync(RouteFrame query, DbConnection connection, DbTransaction? transaction, bool async)
    {
        if (query.Session is not { } session || !replica.IsLoadBalanced || !options.MonotonicReads || replica.Positions is NoPositions)
            return;

        var reading = transaction is { SupportsSavepoints: true }
            ? await ReadInSavepointAsync(session, connection, transaction, async).ConfigureAwait(false)
            : (await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false)).Position;
        if (reading is { } seen)
            session.Marks.Saw(seen);
        else
            session.PinToPrimary();
    }

    // A command that fails would take the transaction with it, which is the application's.
    private async ValueTask<ReplicationPosition?> ReadInSavepointAsync(RoutingSession session, DbConnection connection, DbTransaction transaction, bool async)
    {
        try
        {
            if (async)
                await transaction.SaveAsync(Savepoint).ConfigureAwait(false);
            else
                transaction.Save(Savepoint);
            var position = (await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false)).Position;
            if (position is null && async)
                await transaction.RollbackAsync(Savepoint).ConfigureAwait(false);
            else if (position is null)
                transaction.Rollback(Savepoint);
            else if (async)
                await transaction.ReleaseAsync(Savepoint).ConfigureAwait(false);
            else
                transaction.Release(Savepoint);
            return position;
        }
        catch (DbException e)
        {
            session.Services.LogProblemOnce("replica", PositionResult.Of(e));
            return null;
        }
    }
}
