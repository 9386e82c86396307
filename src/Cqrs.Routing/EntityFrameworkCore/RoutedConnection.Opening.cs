using System.Data.Common;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>A connection opens where the context is bound, and on the primary after all if the replica turns out not to have what the query needs.</summary>
internal sealed partial class RoutedConnection
{
    public bool Open(bool errorsExpected = false) => OpenAsync(errorsExpected, async: false, CancellationToken.None).GetAwaiter().GetResult();

    public Task<bool> OpenAsync(CancellationToken cancellationToken, bool errorsExpected = false) =>
        OpenAsync(errorsExpected, async: true, cancellationToken).AsTask();

    public bool Close()
    {
        var connection = _switch.LastOpened;
        if (QueryThatRemembers(connection) is { } query)
            _proof.RememberAsync(query, connection.DbConnection, TransactionOf(connection), async: false).GetAwaiter().GetResult();
        Closing();
        return connection.Close();
    }

    public async Task<bool> CloseAsync()
    {
        var connection = _switch.LastOpened;
        if (QueryThatRemembers(connection) is { } query)
            await _proof.RememberAsync(query, connection.DbConnection, TransactionOf(connection), async: true).ConfigureAwait(false);
        Closing();
        return await connection.CloseAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> OpenAsync(bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        var connection = Bind(provisional: true);
        if (IsUnproven && RouteFrame.Current is { } query)
        {
            if (await OpenReplicaAsync(query, connection, async, cancellationToken).ConfigureAwait(false) is { } wasOpened)
                return Opened(wasOpened);

            connection = BindPrimary(query);
        }
        else if (QueryThatIsNotCovered() is { } uncovered)
        {
            await AskWhereOpenAsync(uncovered, connection, async, cancellationToken).ConfigureAwait(false);
        }

        return Opened(await OpenOnAsync(connection, errorsExpected, async, cancellationToken).ConfigureAwait(false));
    }

    private IRelationalConnection BindPrimary(RouteFrame query)
    {
        var connection = _switch.BindAnew(query, _proof.Waited);
        OnPrimary(query);
        return connection;
    }

    private void OnPrimary(RouteFrame query)
    {
        query.LeftBy(this);
        if (IsSeen(query))
            Writes.Seen(query);
    }

    private IRelationalConnection Bind(bool provisional = false)
    {
        var connection = _switch.Bind(provisional);
        if (_replica.IsMirror)
            Mirror.Follow(readOnly: _switch.OnReplica);
        if (!_switch.OnReplica && RouteFrame.Current is { IsQuery: true } query)
            OnPrimary(query);
        return connection;
    }

    // For whoever opens the connection himself, so that nobody can ask the replica first: then the primary has to do.
    private IRelationalConnection BindUnasked()
    {
        var query = QueryThatAsks();
        var connection = Bind(provisional: query is not null);
        if (QueryThatIsNotCovered() is not null)
            throw ConnectionSwitch.ReplicaBusy(query);
        return query is null || !IsUnproven ? connection : _switch.Escalate(query, RouteReason.PositionUnknown);
    }

    private async ValueTask<bool> OpenOnAsync(IRelationalConnection connection, bool errorsExpected, bool async, CancellationToken cancellationToken)
    {
        using var hidden = MustHideAmbientTransaction(connection) ? AmbientTransactions.Suppress() : null;
        return async
            ? await connection.OpenAsync(cancellationToken, errorsExpected).ConfigureAwait(false)
            : connection.Open(errorsExpected);
    }

    private bool Opened(bool wasOpened)
    {
        if (_replica.IsMirror)
            Mirror.Enter(readOnly: _switch.OnReplica);
        _switch.Opened();
        return wasOpened;
    }

    private void Closing()
    {
        _mirror?.Leave();
        _switch.Closing();
    }

    // What a query sees in a command, in its caller's transaction or in a forced block is the caller's business, who asked for just that.
    private static bool IsSeen(RouteFrame query) => query.Decision.Reason is RouteReason.Shadow ? query.Shadow is { OthersAreRouted: true } : query.Decision.Reason
        is RouteReason.ReadFromPrimary or RouteReason.RecentWrite or RouteReason.NotCaughtUp or RouteReason.PositionUnknown or RouteReason.TooStale
        or RouteReason.ReplicaUnavailable or RouteReason.ReplicaLagging or RouteReason.NotAReplica;

    // What is open already was asked when it was opened, or is asked again.
    private bool IsUnproven => _switch.OnReplica && !_replica.IsMirror && !_replica.IsBusy;

    // The query that may not read from the replica before it has asked; null for all that need not ask.
    private RouteFrame? QueryThatAsks() => RouteFrame.Current is { } frame && _proof.IsNeeded(frame) ? frame : null;

    // The query that may not read from a replica that is open already, unless that has what it needs.
    private RouteFrame? QueryThatIsNotCovered() =>
        _switch.OnReplica && !_replica.IsMirror && _replica.IsBusy && RouteFrame.Current is { } query && _proof.IsOwed(query) && !_proof.Covers(query) ? query : null;

    // The query that another server than this one may follow up on, if this closes its connection.
    private RouteFrame? QueryThatRemembers(IRelationalConnection connection) =>
        ReferenceEquals(connection, _replica.Connection) && _replica.IsLoadBalanced && _replica.IsLastOpen ? RouteFrame.Current : null;

    private static DbTransaction? TransactionOf(IRelationalConnection connection) => connection.CurrentTransaction?.GetDbTransaction();

    // A replica never enlists. A query that comes after Complete() is served outside the scope, which can take no more commands.
    private bool MustHideAmbientTransaction(IRelationalConnection connection) =>
        ReferenceEquals(connection, _primary)
            ? RouteFrame.Current is { IsQuery: true } && AmbientTransactions.Find() == AmbientTransaction.Completed
            : AmbientTransactions.Find() != AmbientTransaction.None;
}
