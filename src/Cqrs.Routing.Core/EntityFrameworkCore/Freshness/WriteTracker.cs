using System.Data.Common;
using System.Transactions;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Freshness;

/// <summary>
/// Records in sessions the writes of one context on its primary that no command covers. A command records itself in its session. Everything that the
/// application does there outside requests counts as a write, except LINQ queries, because its writes cannot be seen.
/// </summary>
internal sealed class WriteTracker(IRelationalConnection primary, ReplicaConnection replica, ReplicaOptions options)
{
    private PrimaryPositionReader? _probe;
    private RoutingSession? _session;
    private RoutingSession? _byHand;
    private RoutingSession? _transacting;
    private int _openByHand;
    private DbTransaction? _supplied;

    /// <summary>Gets the reader of the primary's position.</summary>
    public PrimaryPositionReader PositionReader => _probe ??= new(replica.Positions, DatabaseProvider.GetEndpoint(primary.DbConnection), replica.CreatePrimarySideConnection());

    /// <summary>Records that a command uses the primary, so that its session's token carries that primary's position.</summary>
    public void UsedBy(RouteFrame command)
    {
        if (command.Session is not { } session)
            return;

        // Until the transaction ends, the command's writes may be committed at any time, even past EF Core.
        if (_transacting is null && primary.CurrentTransaction is not null)
            (_transacting = session).SessionPositions.CommandBegins();
        if (ReferenceEquals(session, _session))
            return;

        _session = session;
        Know(session);
        // The supplier of the transaction commits it, and EF Core raises no event for that.
        if (_supplied is not null)
            session.SessionPositions.CommandBegins();
    }

    /// <summary>Records a write that was sent outside any command.</summary>
    public void OnWrite() => Note(RouteFrame.CurrentSession);

    /// <summary>Records that a transaction was committed, or that its commit failed. A failed commit may have taken effect all the same.</summary>
    public void Committed()
    {
        TransactionEnds();
        if (RouteFrame.Current is { IsQuery: true })
            return;

        var current = RouteFrame.CurrentSession;
        Note(current);
        if (!ReferenceEquals(current, _session))
            Note(_session);
    }

    public void RolledBack() => TransactionEnds();

    /// <summary>
    /// Records that the application opens the connection itself outside requests, or that EF Core opens it to save. Until it is closed, writes may
    /// happen at any time.
    /// </summary>
    public void OpenedByHand()
    {
        if (_openByHand++ > 0 || RouteFrame.CurrentSession is not { } session)
            return;

        _byHand = session;
        Know(session);
        session.SessionPositions.CommandBegins();
    }

    /// <summary>Records that EF Core closes the connection, whether EF Core or the application opened it.</summary>
    /// <param name="isLast">Whether no opening is left.</param>
    public void Closed(bool isLast)
    {
        if (_openByHand == 0 || !isLast)
            return;

        _openByHand = 0;
        if (_byHand is not { } session)
            return;

        _byHand = null;
        session.SessionPositions.CommandEnds();
        NoteOnCompletion(session);
    }

    /// <summary>
    /// Records that the application took the bare connection outside requests, or supplied a transaction of its own. It may then write at any time
    /// without being seen.
    /// </summary>
    public void OnRawConnectionExposed()
    {
        if (_byHand is null && RouteFrame.CurrentSession is { } session)
            session.SessionPositions.CommandBegins();
    }

    /// <summary>Records that a query reads from the primary. The session's next query must not read an older state.</summary>
    public void OnPrimaryRead(RouteFrame query)
    {
        if (query.Session is not null && replica.Exists && options.MonotonicReads && replica.Positions is not NoPositions)
            query.NotePrimaryRead(PositionReader);
    }

    /// <summary>Records a transaction that the application supplied. The application commits it, and EF Core raises no event for that.</summary>
    public void TransactionSupplied(DbTransaction? transaction)
    {
        _supplied = transaction;
        _session = null;
        if (transaction is not null && RouteFrame.IsOutside(RouteFrame.Current))
            OnRawConnectionExposed();
    }

    /// <summary>Records that the context enlists in a transaction, which other code commits.</summary>
    public void Enlisted(Transaction? transaction)
    {
        if (transaction is not null && (RouteFrame.CurrentSession ?? _session) is { } session)
            session.NoteWhenCompleted(transaction);
    }

    /// <summary>Resets the state, because the context has another primary or none.</summary>
    public void Reset()
    {
        _probe = null;
        _session = null;
        _supplied = null;
        TransactionEnds();
        Closed(isLast: true);
    }

    private void TransactionEnds()
    {
        _transacting?.SessionPositions.CommandEnds();
        _transacting = null;
    }

    private void Note(RoutingSession? session)
    {
        if (session is null)
            return;

        Know(session);
        session.NoteWrite();
        NoteOnCompletion(session);
    }

    // Without a replica of its own, the context does not know how to ask its primary. A context that has a replica for that primary does.
    private void Know(RoutingSession session)
    {
        if (replica.Exists)
            session.SessionPositions.Know(PositionReader);
    }

    private static void NoteOnCompletion(RoutingSession session)
    {
        if (AmbientTransactions.Get() == AmbientTransactionState.Active)
            session.NoteWhenCompleted(Transaction.Current!);
    }
}
