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
/// Tells sessions what one context does on its primary that no command does: a command marks its session by itself. Whatever the application does there outside requests, but for queries of LINQ, counts as
/// one: nobody can tell what it wrote.
/// </summary>
internal sealed class WriteTracker(IRelationalConnection primary, ReplicaConnection replica, ReplicaOptions options)
{
    private PrimaryPositionReader? _probe;
    private RoutingSession? _session;
    private RoutingSession? _byHand;
    private RoutingSession? _transacting;
    private int _openByHand;
    private DbTransaction? _supplied;

    /// <summary>Reads the primary's position.</summary>
    public PrimaryPositionReader PositionReader => _probe ??= new(replica.Positions, DatabaseProvider.GetEndpoint(primary.DbConnection), replica.CreatePrimarySideConnection());

    /// <summary>A command uses the primary: its session's token is to carry that primary's position.</summary>
    public void UsedBy(RouteFrame command)
    {
        if (command.Session is not { } session)
            return;

        // Until it ends, what the command wrote may be committed at any time, also past EF.
        if (_transacting is null && primary.CurrentTransaction is not null)
            (_transacting = session).SessionPositions.CommandBegins();
        if (ReferenceEquals(session, _session))
            return;

        _session = session;
        Know(session);
        // Whoever supplied the transaction commits it, and nobody hears of that.
        if (_supplied is not null)
            session.SessionPositions.CommandBegins();
    }

    /// <summary>Something that writes was sent, by no command.</summary>
    public void OnWrite() => Note(RouteFrame.CurrentSession);

    /// <summary>A transaction was committed, or its commit failed, which may have happened all the same.</summary>
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

    /// <summary>The application opens the connection itself outside requests, or EF does in order to save: until it is closed, anything may be written.</summary>
    public void OpenedByHand()
    {
        if (_openByHand++ > 0 || RouteFrame.CurrentSession is not { } session)
            return;

        _byHand = session;
        Know(session);
        session.SessionPositions.CommandBegins();
    }

    /// <summary>EF closes the connection, whoever opened it.</summary>
    /// <param name="isLast">Whether nothing is open any more.</param>
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

    /// <summary>The application took the bare connection outside requests, or gave a transaction of its own: it may write there at any time, unseen.</summary>
    public void OnRawConnectionExposed()
    {
        if (_byHand is null && RouteFrame.CurrentSession is { } session)
            session.SessionPositions.CommandBegins();
    }

    /// <summary>A query reads from the primary: the session's next one may not read anything older.</summary>
    public void OnPrimaryRead(RouteFrame query)
    {
        if (query.Session is not null && replica.Exists && options.MonotonicReads && replica.Positions is not NoPositions)
            query.NotePrimaryRead(PositionReader);
    }

    /// <summary>Whoever began the transaction will commit it, and EF will not hear of it.</summary>
    public void TransactionSupplied(DbTransaction? transaction)
    {
        _supplied = transaction;
        _session = null;
        if (transaction is not null && RouteFrame.IsOutside(RouteFrame.Current))
            OnRawConnectionExposed();
    }

    /// <summary>The context takes part in a transaction, which somebody else commits.</summary>
    public void Enlisted(Transaction? transaction)
    {
        if (transaction is not null && (RouteFrame.CurrentSession ?? _session) is { } session)
            session.NoteWhenCompleted(transaction);
    }

    /// <summary>The context has another primary, or none any more.</summary>
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

    // Without a replica of its own the context cannot tell how its primary is asked; whoever has one for it does.
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
