using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>A replica is opened, and asked whether it has what the query needs, before the query hears of it.</summary>
internal sealed partial class RoutedConnection
{
    // Or the primary, if the replica cannot serve the query.
    private ValueTask<bool> OpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var asks = _proof.IsNeeded(query);
        if (asks || !async)
            return OpenReplicaAsync(query, replica, asks, opening: null, errorsExpected, async, cancellationToken);

        // A pool that has a connection gives it at once, and nobody has to wait.
        var opening = replica.OpenAsync(cancellationToken, errorsExpected: true);
        return opening.IsCompletedSuccessfully && query.Decision.Route == Route.Replica
            ? new(Serve(query, opening.Result, waited: default))
            : OpenReplicaAsync(query, replica, asks, opening, errorsExpected, async, cancellationToken);
    }

    private async ValueTask<bool> OpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool asks, Task<bool>? opening, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var refusal = asks ? await _proof.BeforeOpenAsync(query, async, cancellationToken).ConfigureAwait(false) : null;
        bool? opened = null;
        try
        {
            if (refusal is null)
                opened = await (opening is null ? OpenOnAsync(replica, errorsExpected: true, async, cancellationToken) : new(opening)).ConfigureAwait(false);
        }
        catch (Exception e) when (_fallback.Catches(e, opening: true, cancellationToken))
        {
            _fallback.Take(query, Rung.Open, e);
        }

        if (opened is { } wasOpened)
        {
            refusal = asks ? await AskOpenReplicaAsync(query, replica, async, cancellationToken).ConfigureAwait(false) : null;
            if (refusal is null && query.Decision.Route == Route.Replica)
                return Serve(query, wasOpened, asks ? _proof.Waited : default);

            // Meanwhile another of its contexts was sent to the primary.
            if (refusal is null)
                await CloseAsync(replica, async).ConfigureAwait(false);
        }

        if (refusal is { } reason)
            SendAway(query, reason);
        return await OpenBoundAsync(query, BindPrimary(query), errorsExpected, async, cancellationToken).ConfigureAwait(false);
    }

    private bool Serve(RouteFrame query, bool wasOpened, TimeSpan waited)
    {
        _mayFallBack = true;
        _switch.Confirm(query, waited);
        if (query.Session is { IsBlank: true } blank)
            blank.Services.ReadBlank(blank);
        _proof.Cover(query);
        query.ReadBy(this, _replica.Health);
        return Opened(query, wasOpened);
    }

    private void SendAway(RouteFrame query, RouteReason refusal)
    {
        if (_proof.IsOwed(query))
            query.EscalateAll(refusal);
        else
            _fallback.Take(query, refusal);
    }

    private async ValueTask<bool> OpenAskedAsync(
        RouteFrame query, IRelationalConnection replica, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        await AskWhereOpenAsync(query, replica, async, cancellationToken).ConfigureAwait(false);
        return await OpenBoundAsync(query, replica, errorsExpected, async, cancellationToken).ConfigureAwait(false);
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
