using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>A replica is opened, and asked whether it has what the query needs, before the query hears of it.</summary>
internal sealed partial class RoutedConnection
{
    // Or the primary, if the replica cannot serve the query.
    private ValueTask<bool> OpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var asks = _proof.IsRequired(query);
        var wasOpen = FailedOpening.IsOpen(replica);
        if (asks || !async)
            return OpenReplicaAsync(query, replica, asks, opening: null, wasOpen, errorsExpected, async, cancellationToken);

        SetUp(replica);
        if (!wasOpen)
            _replica.IsOpening = true;
        // A pool that has a connection gives it at once, and nobody has to wait.
        var opening = replica.OpenAsync(cancellationToken, errorsExpected: true);
        return opening.IsCompletedSuccessfully && query.Decision.Route == DatabaseRole.Replica
            ? new(AcceptReplica(query, replica, opening.Result, waited: default))
            : OpenReplicaAsync(query, replica, asks, opening, wasOpen, errorsExpected, async, cancellationToken);
    }

    private async ValueTask<bool> OpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool asks, Task<bool>? opening, bool wasOpen, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var refusal = asks ? await _proof.BeforeOpenAsync(query, async, cancellationToken).ConfigureAwait(false) : null;
        bool? opened = null;
        try
        {
            if (refusal is null)
                opened = await (opening is null ? OpenOnAsync(replica, errorsExpected: true, async, cancellationToken) : new(opening)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await UndoAsync(replica, wasOpen, async).ConfigureAwait(false);
            if (!_fallback.Catches(e, opening: true, cancellationToken))
                throw;
            _fallback.Take(query, FallbackStage.Connection, e);
        }

        if (opened is { } wasOpened)
        {
            refusal = asks ? await AskOpenReplicaAsync(query, replica, wasOpen, async, cancellationToken).ConfigureAwait(false) : null;
            if (refusal is null && query.Decision.Route == DatabaseRole.Replica)
                return AcceptReplica(query, replica, wasOpened, asks ? _proof.Waited : default);

            // It has not what the query needs; or meanwhile another of the query's contexts was sent to the primary.
            await UndoAsync(replica, wasOpen, async).ConfigureAwait(false);
        }

        if (refusal is { } reason)
            RejectReplica(query, reason);
        return await OpenBoundAsync(query, BindPrimary(query), errorsExpected, async, cancellationToken).ConfigureAwait(false);
    }

    private bool AcceptReplica(RouteFrame query, IRelationalConnection replica, bool wasOpened, TimeSpan waited)
    {
        try
        {
            _mayFallBack = true;
            _failure = null;
            _isSerializable = false;
            _switch.Confirm(query, waited);
            if (query.Session is { IsBlank: true } blank)
                blank.Services.ReadBlank(blank);
            _proof.MarkSatisfied(query);
            query.AddReplicaReader(this, _replica.Health);
            _readFor = query;
            return Opened(query, wasOpened);
        }
        catch (Exception)
        {
            _replica.IsOpening = false;
            replica.Close();
            throw;
        }
    }

    private void RejectReplica(RouteFrame query, RouteReason refusal)
    {
        if (_proof.IsRequiredBySession(query))
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
            throw ConnectionSelector.ReplicaBusy(query);

        _proof.MarkSatisfied(query);
    }

    private async ValueTask<RouteReason?> AskOpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool wasOpen, bool async, CancellationToken cancellationToken)
    {
        try
        {
            return await _proof.AfterOpenAsync(query, replica.DbConnection, async, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await UndoAsync(replica, wasOpen, async).ConfigureAwait(false);
            throw;
        }
    }
}
