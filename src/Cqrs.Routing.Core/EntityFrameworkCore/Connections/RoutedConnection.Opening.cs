using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Opens the connection that the context is bound to, or the primary if the replica turns out to lack data that the query needs.</summary>
internal sealed partial class RoutedConnection
{
    public bool Open(bool errorsExpected = false)
    {
        NoteOpening();
        return OpenAsync(errorsExpected, async: false, CancellationToken.None).GetAwaiter().GetResult();
    }

    public Task<bool> OpenAsync(CancellationToken cancellationToken, bool errorsExpected = false)
    {
        NoteOpening();
        return OpenAsync(errorsExpected, async: true, cancellationToken).AsTask();
    }

    public bool Close()
    {
        var connection = _selector.LastOpened;
        if (IsUnopened(connection))
            return false;

        var query = FindObservingQuery(connection);
        Closing();
        try
        {
            return query is null && _mirror is null ? CloseOn(connection) : CloseAsync(query, connection, async: false).GetAwaiter().GetResult();
        }
        finally
        {
            Writes.Closed(isLast: !_open.Any);
        }
    }

    public Task<bool> CloseAsync()
    {
        var connection = _selector.LastOpened;
        if (IsUnopened(connection))
            return Task.FromResult(false);

        var query = FindObservingQuery(connection);
        Closing();
        var closing = query is null && _mirror is null ? CloseOnAsync(connection) : CloseAsync(query, connection, async: true);
        Writes.Closed(isLast: !_open.Any);
        return closing;
    }

    // EF Core closes the connection after a save even if it could not open it. If a transaction is open on the replica, that would end the
    // transaction.
    private bool IsUnopened(IRelationalConnection connection) => !_open.Any && ReferenceEquals(connection, _replica.Connection);

    private async Task<bool> CloseAsync(RouteFrame? query, IRelationalConnection connection, bool async)
    {
        try
        {
            if (query is not null)
                await _freshness.RecordAsync(query, connection.DbConnection, TransactionOf(connection), async).ConfigureAwait(false);
            _mirror?.Leave();
        }
        catch (Exception)
        {
            await ConnectionCleanup.UndoAsync(connection, wasOpen: true, async).ConfigureAwait(false);
            throw;
        }

        return async ? await CloseOnAsync(connection).ConfigureAwait(false) : CloseOn(connection);
    }

    /// <summary>Closes the connection of one server.</summary>
    private bool CloseOn(IRelationalConnection connection)
    {
        try
        {
            return connection.Close();
        }
        catch (Exception)
        {
            GiveUpAsync(connection, async: false).GetAwaiter().GetResult();
            throw;
        }
    }

    private Task<bool> CloseOnAsync(IRelationalConnection connection)
    {
        var closing = connection.CloseAsync();
        return closing.IsCompletedSuccessfully ? closing : FinishClosingAsync(closing, connection);
    }

    private async Task<bool> FinishClosingAsync(Task<bool> closing, IRelationalConnection connection)
    {
        try
        {
            return await closing.ConfigureAwait(false);
        }
        catch (Exception)
        {
            await GiveUpAsync(connection, async: true).ConfigureAwait(false);
            throw;
        }
    }

    // EF Core was closing the connection for the last time. After the error it still has the connection open, with its transaction.
    private async ValueTask GiveUpAsync(IRelationalConnection connection, bool async)
    {
        await ConnectionCleanup.CloseAsync(connection, async).ConfigureAwait(false);
        if (connection.CurrentTransaction is not null)
            connection.UseTransaction(null);
    }

    /// <summary>Opens the primary for a statement that tracks entities. <see cref="CloseTracked"/> closes it.</summary>
    public bool OpenToTrack(bool errorsExpected) => OpenToTrackAsync(errorsExpected, async: false, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="OpenToTrack"/>
    public ValueTask<bool> OpenToTrackAsync(bool errorsExpected, CancellationToken cancellationToken) =>
        OpenToTrackAsync(errorsExpected, async: true, cancellationToken);

    /// <summary>Closes the primary after a statement that tracks entities.</summary>
    public bool CloseTracked()
    {
        NoteTracked();
        return _mirror is null ? CloseOn(_primary) : CloseAsync(query: null, _primary, async: false).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="CloseTracked"/>
    public Task<bool> CloseTrackedAsync()
    {
        NoteTracked();
        return _mirror is null ? CloseOnAsync(_primary) : CloseAsync(query: null, _primary, async: true);
    }

    private ValueTask<bool> OpenToTrackAsync(bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var frame = RouteFrame.Current;
        _selector.BindToTrack(frame, this);
        _entries ??= FindEntries();
        NotePrimary(frame);
        var wasOpen = ConnectionCleanup.IsOpen(_primary);
        if (frame is null && !wasOpen)
            _report.UsedOutsideRequests();
        ValueTask<bool> opening;
        try
        {
            opening = OpenOnAsync(_primary, errorsExpected, async, cancellationToken);
        }
        catch (Exception e)
        {
            opening = ValueTask.FromException<bool>(e);
        }

        return opening.IsCompletedSuccessfully && !_replica.IsMirror ? opening : FinishOpeningToTrackAsync(opening, wasOpen, async);
    }

    private async ValueTask<bool> FinishOpeningToTrackAsync(ValueTask<bool> opening, bool wasOpen, bool async)
    {
        try
        {
            var wasOpened = await opening.ConfigureAwait(false);
            if (_replica.IsMirror)
                Mirror.Enter(readOnly: false);
            return wasOpened;
        }
        catch (Exception)
        {
            await ConnectionCleanup.UndoAsync(_primary, wasOpen, async).ConfigureAwait(false);
            throw;
        }
    }

    // Three methods instead of one: a connection that is opened ten times in a request should not run asynchronous methods that it does not need.
    private ValueTask<bool> OpenAsync(bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var frame = RouteFrame.Current;
        var connection = Bind(frame, provisional: true);
        return _selector.IsProvisional ? OpenReplicaAsync(frame!, connection, errorsExpected, async, cancellationToken)
            : IsUncovered(frame) ? OpenAskedAsync(frame, connection, errorsExpected, async, cancellationToken)
            : OpenBoundAsync(frame, connection, errorsExpected, async, cancellationToken);
    }

    private async ValueTask<bool> OpenBoundAsync(
        RouteFrame? frame, IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var wasOpen = ConnectionCleanup.IsOpen(connection);
        try
        {
            return Opened(frame, await OpenOnAsync(connection, errorsExpected, async, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception)
        {
            await UndoAsync(connection, wasOpen, async).ConfigureAwait(false);
            Writes.Closed(isLast: !_open.Any);
            throw;
        }
    }

    private IRelationalConnection BindPrimary(RouteFrame query)
    {
        var connection = _selector.Rebind(query, _freshness.Waited);
        OnPrimary(query);
        return connection;
    }

    private void NotePrimary(RouteFrame? frame)
    {
        if (frame is { IsQuery: true })
        {
            OnPrimary(frame);
            return;
        }

        if (frame is { IsCommand: true, LacksSession: true })
            _report.FindSession(frame);
        if (frame is not null)
            Writes.UsedBy(frame);
    }

    private void OnPrimary(RouteFrame query)
    {
        query.RemoveReplicaReader(this);
        if (IsSeen(query))
            Writes.OnPrimaryRead(query);
    }

    private IRelationalConnection Bind(RouteFrame? frame, bool provisional = false)
    {
        var connection = _selector.Bind(frame, provisional);
        if (_replica.IsMirror)
            Mirror.Follow(readOnly: _selector.OnReplica);
        if (!_selector.OnReplica)
            NotePrimary(frame);
        return connection;
    }

    // Binds when the caller opens the connection itself. The replica's freshness cannot be checked then, so the primary is used.
    private IRelationalConnection BindWithoutCheck(RouteFrame? frame)
    {
        if (frame is { IsQuery: true, LacksSession: true })
            _report.FindSession(frame);
        var connection = Bind(frame, provisional: frame is not null && _freshness.IsRequired(frame));
        if (IsUncovered(frame))
            throw ConnectionSelector.ReplicaBusy(frame, _report.ContextName);
        return _selector.IsProvisional ? _selector.Escalate(frame!, _freshness.ReasonUnasked(frame!)) : connection;
    }

    private ValueTask<bool> OpenOnAsync(IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        SetUp(connection);
        // EF Core counts an opening of a connection that is already open, for example in a transaction, and does not open it.
        if (ReferenceEquals(connection, _replica.Connection) && !ConnectionCleanup.IsOpen(connection))
            _replica.IsOpening = true;
        return MustSuppressAmbientTransaction(connection) ? OpenHiddenAsync(connection, errorsExpected, async, cancellationToken)
            : async ? new(connection.OpenAsync(cancellationToken, errorsExpected))
            : new(connection.Open(errorsExpected));
    }

    private static async ValueTask<bool> OpenHiddenAsync(IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        using var hidden = AmbientTransactions.Suppress();
        return async
            ? await connection.OpenAsync(cancellationToken, errorsExpected).ConfigureAwait(false)
            : connection.Open(errorsExpected);
    }

    private ValueTask UndoAsync(IRelationalConnection connection, bool wasOpen, bool async)
    {
        if (!wasOpen && ReferenceEquals(connection, _replica.Connection))
            _replica.IsOpening = false;
        return ConnectionCleanup.UndoAsync(connection, wasOpen, async);
    }

    private bool Opened(RouteFrame? frame, bool wasOpened)
    {
        // An interceptor that opens the connection meanwhile finds it open already.
        if (wasOpened)
            _replica.IsOpening = false;
        if (_replica.IsMirror)
            Mirror.Enter(readOnly: _selector.OnReplica);
        _entries ??= FindEntries();
        if (_opensByHand)
            NoteOpener(frame, wasOpen: !wasOpened);
        _selector.Opened(frame, _opensByHand, wasOpened);
        _opensByHand = false;
        return wasOpened;
    }

    /// <summary>Gets whether a failed statement has left a connection open. EF Core closes it only if the driver already had the command.</summary>
    public bool HasLeftOver => _open.Count > _openBefore || TrackingStatements.Open > _openToTrackBefore;

    /// <summary>Closes the connections that a failed statement has left open.</summary>
    public void CloseLeftOver()
    {
        while (_open.Count > _openBefore)
            Close();
        while (TrackingStatements.Open > _openToTrackBefore)
            TrackingStatements.Close();
    }

    private void Closing()
    {
        _isEFs = false;
        _selector.Closing();
        NoteTracked();
    }

    // Reads in a command, in the caller's transaction or in a forced block do not count: the caller asked for exactly that state.
    private static bool IsSeen(RouteFrame query) => query.Decision.Reason is RouteReason.Shadow
        ? query.Shadow is { OthersAreRouted: true }
        : query.Decision.Reason.Has(RouteReasonTraits.Seen);

    // Returns whether a query must not read from an already open replica before the replica has shown that it has the required data.
    private bool IsUncovered([NotNullWhen(true)] RouteFrame? frame) =>
        frame is not null && _selector.OnReplica && !_replica.IsMirror && _replica.IsBusy && _freshness.IsRequiredBySession(frame) && !_freshness.IsSatisfiedFor(frame);

    // Returns the query of the connection that is being closed, if another server may answer the session's next query.
    private RouteFrame? FindObservingQuery(IRelationalConnection connection) =>
        _open.LastIsOnlyOnReplica && ReferenceEquals(connection, _replica.Connection) && _replica.IsLoadBalanced ? RouteFrame.Current : null;

    private static DbTransaction? TransactionOf(IRelationalConnection connection) => connection.CurrentTransaction?.GetDbTransaction();

    // A replica never enlists. A query after Complete() is served outside the transaction scope, which accepts no further commands.
    private bool MustSuppressAmbientTransaction(IRelationalConnection connection) =>
        ReferenceEquals(connection, _primary)
            ? RouteFrame.Current is { IsQuery: true } && AmbientTransactions.Get() == AmbientTransactionState.Completed
            : AmbientTransactions.Get() != AmbientTransactionState.None;

    // Opens the primary instead if the replica cannot serve the query.
    private ValueTask<bool> OpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var asks = _freshness.IsRequired(query);
        var wasOpen = ConnectionCleanup.IsOpen(replica);
        if (asks || !async)
            return OpenReplicaAsync(query, replica, asks, opening: null, wasOpen, errorsExpected, async, cancellationToken);

        SetUp(replica);
        if (!wasOpen)
            _replica.IsOpening = true;
        // A pool with a free connection returns it synchronously, so there is nothing to await.
        var opening = replica.OpenAsync(cancellationToken, errorsExpected: true);
        return opening.IsCompletedSuccessfully && query.Decision.Route == DatabaseRole.Replica
            ? new(AcceptReplica(query, replica, opening.Result, waited: default))
            : OpenReplicaAsync(query, replica, asks, opening, wasOpen, errorsExpected, async, cancellationToken);
    }

    private async ValueTask<bool> OpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool asks, Task<bool>? opening, bool wasOpen, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var refusal = asks ? await _freshness.BeforeOpenAsync(query, async, cancellationToken).ConfigureAwait(false) : null;
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
                return AcceptReplica(query, replica, wasOpened, asks ? _freshness.Waited : default);

            // The replica lacks data that the query needs, or another context of the query was sent to the primary meanwhile.
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
            _selector.Confirm(query, waited);
            if (query.Session is { IsBlank: true } blank)
                blank.Services.ReadBlank(blank.IsCarried);
            _freshness.MarkSatisfied(query);
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
        if (_freshness.IsRequiredBySession(query))
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
            : await _freshness.BeforeAskingOpenAsync(query, async, cancellationToken).ConfigureAwait(false)
            ?? await _freshness.AfterOpenAsync(query, replica.DbConnection, async, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            throw ConnectionSelector.ReplicaBusy(query, _report.ContextName);

        _freshness.MarkSatisfied(query);
    }

    private async ValueTask<RouteReason?> AskOpenReplicaAsync(
        RouteFrame query, IRelationalConnection replica, bool wasOpen, bool async, CancellationToken cancellationToken)
    {
        try
        {
            return await _freshness.AfterOpenAsync(query, replica.DbConnection, async, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await UndoAsync(replica, wasOpen, async).ConfigureAwait(false);
            throw;
        }
    }
}
