using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>A replica is opened, and asked whether it has what the query needs, before the query hears of it.</summary>
internal sealed partial class RoutedConnection
{
    // Null if the replica cannot serve the query, which was then sent to the primary.
    private async ValueTask<bool?> OpenReplicaAsync(RouteFrame query, IRelationalConnection replica, bool async, CancellationToken cancellationToken)
    {
        var asks = _proof.IsNeeded(query);
        var refusal = asks ? await _proof.BeforeOpenAsync(query, async, cancellationToken).ConfigureAwait(false) : null;
        if (refusal is null)
        {
            bool wasOpened;
            try
            {
                wasOpened = await OpenOnAsync(replica, errorsExpected: true, async, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (_fallback.Catches(e, opening: true, cancellationToken))
            {
                _fallback.Take(query, Rung.Open, e);
                return null;
            }

            refusal = asks ? await AskOpenReplicaAsync(query, replica, async, cancellationToken).ConfigureAwait(false) : null;
            if (refusal is null && query.Decision.Route == Route.Primary)
            {
                // Meanwhile another of its contexts was sent there.
                await CloseAsync(replica, async).ConfigureAwait(false);
                return null;
            }

            if (refusal is null)
            {
                _switch.Confirm(query, asks ? _proof.Waited : default);
                _proof.Cover(query);
                query.ReadBy(this, _replica.Health);
                return wasOpened;
            }
        }

        if (_proof.IsOwed(query))
            query.EscalateAll(refusal.Value);
        else
            _fallback.Take(query, refusal.Value);
        return null;
    }

    // In a transaction the replica's position says nothing about the snapshot that the query would read.
    private async ValueTask AskWhereOpenAsync(RouteFrame query, IRelationalConnection replica, bool async, CancellationToken cancellationToken)
    {
        var refusal = replica.CurrentTransaction is not null ? RouteReason.PositionUnknown
            : await _proof.BeforeAskingOpenAsync(query, async, cancellationToken).ConfigureAwait(false)
            ?? await _proof.AfterOpenAsync(query, replica.DbConnection, async, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            throw ConnectionSwitch.ReplicaBusy(query);

        _proof.Cover(query);
    }

    // Closes the replica unless it may serve.
    private async ValueTask<RouteReason?> AskOpenReplicaAsync(RouteFrame query, IRelationalConnection connection, bool async, CancellationToken cancellationToken)
    {
        var serves = false;
        try
        {
            var refusal = await _proof.AfterOpenAsync(query, connection.DbConnection, async, cancellationToken).ConfigureAwait(false);
            serves = refusal is null;
            return refusal;
        }
        finally
        {
            if (!serves)
                await CloseAsync(connection, async).ConfigureAwait(false);
        }
    }

    private static async ValueTask CloseAsync(IRelationalConnection connection, bool async)
    {
        if (async)
            await connection.CloseAsync().ConfigureAwait(false);
        else
            connection.Close();
    }
}
