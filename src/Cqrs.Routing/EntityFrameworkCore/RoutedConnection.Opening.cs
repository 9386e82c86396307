using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>A connection opens where the context is bound, and on the primary after all if the replica turns out not to have what the query needs.</summary>
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
        var connection = _switch.LastOpened;
        if (QueryThatRemembers(connection) is { } query)
            _proof.RememberAsync(query, connection.DbConnection, TransactionOf(connection), async: false).GetAwaiter().GetResult();
        Closing();
        var isClosed = connection.Close();
        Writes.Closed(isLast: !_open.Any);
        return isClosed;
    }

    public Task<bool> CloseAsync()
    {
        var connection = _switch.LastOpened;
        if (QueryThatRemembers(connection) is { } query)
            return CloseAsync(query, connection);

        Closing();
        var closing = connection.CloseAsync();
        Writes.Closed(isLast: !_open.Any);
        return closing;
    }

    private async Task<bool> CloseAsync(RouteFrame query, IRelationalConnection replica)
    {
        await _proof.RememberAsync(query, replica.DbConnection, TransactionOf(replica), async: true).ConfigureAwait(false);
        Closing();
        return await replica.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Opens the primary for a statement that tracks entities. Closed by <see cref="CloseTracked"/>.</summary>
    public bool OpenToTrack(bool errorsExpected) => OpenToTrackAsync(errorsExpected, async: false, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="OpenToTrack"/>
    public ValueTask<bool> OpenToTrackAsync(bool errorsExpected, CancellationToken cancellationToken) =>
        OpenToTrackAsync(errorsExpected, async: true, cancellationToken);

    /// <summary>A statement that tracks entities is about to close the primary.</summary>
    public void CloseTracked()
    {
        _mirror?.Leave();
        NoteTracked();
    }

    private ValueTask<bool> OpenToTrackAsync(bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var frame = RouteFrame.Current;
        _switch.BindToTrack(frame, this);
        _entries ??= FindEntries();
        NotePrimary(frame);
        var opening = OpenOnAsync(_primary, errorsExpected, async, cancellationToken);
        return _replica.IsMirror ? EnterMirrorAsync(opening) : opening;
    }

    private async ValueTask<bool> EnterMirrorAsync(ValueTask<bool> opening)
    {
        var wasOpened = await opening.ConfigureAwait(false);
        Mirror.Enter(readOnly: false);
        return wasOpened;
    }

    // Not one asynchronous method but three: what is opened ten times in a request should not pass through those that it does not need.
    private ValueTask<bool> OpenAsync(bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var frame = RouteFrame.Current;
        var connection = Bind(frame, provisional: true);
        return _switch.IsProvisional ? OpenReplicaAsync(frame!, connection, errorsExpected, async, cancellationToken)
            : IsUncovered(frame) ? OpenAskedAsync(frame, connection, errorsExpected, async, cancellationToken)
            : OpenBoundAsync(frame, connection, errorsExpected, async, cancellationToken);
    }

    private async ValueTask<bool> OpenBoundAsync(
        RouteFrame? frame, IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken) =>
        Opened(frame, await OpenOnAsync(connection, errorsExpected, async, cancellationToken).ConfigureAwait(false));

    private IRelationalConnection BindPrimary(RouteFrame query)
    {
        var connection = _switch.BindAnew(query, _proof.Waited);
        OnPrimary(query);
        return connection;
    }

    private void NotePrimary(RouteFrame? frame)
    {
        if (frame is { IsQuery: true })
            OnPrimary(frame);
        else if (frame is not null)
            Writes.UsedBy(frame);
    }

    private void OnPrimary(RouteFrame query)
    {
        query.LeftBy(this);
        if (IsSeen(query))
            Writes.Seen(query);
    }

    private IRelationalConnection Bind(RouteFrame? frame, bool provisional = false)
    {
        var connection = _switch.Bind(frame, provisional);
        if (_replica.IsMirror)
            Mirror.Follow(readOnly: _switch.OnReplica);
        if (!_switch.OnReplica)
            NotePrimary(frame);
        return connection;
    }

    // For whoever opens the connection himself, so that nobody can ask the replica first: then the primary has to do.
    private IRelationalConnection BindUnasked(RouteFrame? frame)
    {
        var connection = Bind(frame, provisional: frame is not null && _proof.IsNeeded(frame));
        if (IsUncovered(frame))
            throw ConnectionSwitch.ReplicaBusy(frame);
        return _switch.IsProvisional ? _switch.Escalate(frame!, _proof.ReasonUnasked(frame!)) : connection;
    }

    private ValueTask<bool> OpenOnAsync(IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken) =>
        MustHideAmbientTransaction(connection) ? OpenHiddenAsync(connection, errorsExpected, async, cancellationToken)
        : async ? new(connection.OpenAsync(cancellationToken, errorsExpected))
        : new(connection.Open(errorsExpected));

    private static async ValueTask<bool> OpenHiddenAsync(IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        using var hidden = AmbientTransactions.Suppress();
        return async
            ? await connection.OpenAsync(cancellationToken, errorsExpected).ConfigureAwait(false)
            : connection.Open(errorsExpected);
    }

    private bool Opened(RouteFrame? frame, bool wasOpened)
    {
        if (_replica.IsMirror)
            Mirror.Enter(readOnly: _switch.OnReplica);
        _entries ??= FindEntries();
        _switch.Opened(frame, _opensByHand, wasOpened);
        _opensByHand = false;
        return wasOpened;
    }

    private void Closing()
    {
        _isEFs = false;
        _mirror?.Leave();
        _switch.Closing();
        NoteTracked();
    }

    // What a query sees in a command, in its caller's transaction or in a forced block is the caller's business, who asked for just that.
    private static bool IsSeen(RouteFrame query) => query.Decision.Reason is RouteReason.Shadow ? query.Shadow is { OthersAreRouted: true } : query.Decision.Reason
        is RouteReason.ReadFromPrimary or RouteReason.Tracking or RouteReason.RecentWrite or RouteReason.NotCaughtUp or RouteReason.PositionUnknown or RouteReason.TooStale
        or RouteReason.ReplicaUnavailable or RouteReason.ReplicaLagging or RouteReason.NotAReplica;

    // Whether a query may not read from a replica that is open already, unless that has what it needs.
    private bool IsUncovered([NotNullWhen(true)] RouteFrame? frame) =>
        frame is not null && _switch.OnReplica && !_replica.IsMirror && _replica.IsBusy && _proof.IsOwed(frame) && !_proof.Covers(frame);

    // The query that another server than this one may follow up on, if this closes its connection.
    private RouteFrame? QueryThatRemembers(IRelationalConnection connection) =>
        _open.LastIsOnlyOnReplica && ReferenceEquals(connection, _replica.Connection) && _replica.IsLoadBalanced ? RouteFrame.Current : null;

    private static DbTransaction? TransactionOf(IRelationalConnection connection) => connection.CurrentTransaction?.GetDbTransaction();

    // A replica never enlists. A query that comes after Complete() is served outside the scope, which can take no more commands.
    private bool MustHideAmbientTransaction(IRelationalConnection connection) =>
        ReferenceEquals(connection, _primary)
            ? RouteFrame.Current is { IsQuery: true } && AmbientTransactions.Find() == AmbientTransaction.Completed
            : AmbientTransactions.Find() != AmbientTransaction.None;
}
