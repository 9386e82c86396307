using System.Transactions;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Tells the session what one context wrote to its primary, once it is committed, and what its queries saw there.</summary>
internal sealed class PrimaryWrites(IRelationalConnection primary, ReplicaLink replica, ReplicaOptions options)
{
    private PrimaryProbe? _probe;
    private RoutingSession? _uncommitted;
    private bool _foreignTransaction;

    /// <summary>Reads the primary's position.</summary>
    public PrimaryProbe Probe => _probe ??= new(replica.Positions, options.WriteWindow, primary.ConnectionString, Connector.Of(primary.DbConnection));

    /// <summary>EF sends a write.</summary>
    public void Wrote()
    {
        if (RouteFrame.CurrentSession is not { } session || !replica.Exists)
            return;

        if (primary.CurrentTransaction is not null && !_foreignTransaction)
        {
            _uncommitted = session;
            return;
        }

        // Not every provider takes part in a transaction scope, so the write may be committed now or then.
        Touch(session);
        if (EnlistedIn() is { } transaction)
            NoteOnCommit(transaction, session);
    }

    /// <summary>The application has the bare connection: nobody can tell what it does there, so it counts as a write, now and when the request ends.</summary>
    public void HandedOut()
    {
        if (RouteFrame.Current is { IsQuery: true } query)
        {
            query.LoseVouch();
            return;
        }

        Wrote();
        if (_uncommitted is { } session)
            Touch(session);
    }

    /// <summary>A query reads from the primary: the session's next one may not read anything older.</summary>
    public void Seen(RouteFrame query)
    {
        if (query.Session is not null && replica.Exists && options.MonotonicReads && Probe.ReadsPositions)
            query.Saw(Probe);
    }

    public void Committed()
    {
        var session = _uncommitted;
        _uncommitted = null;
        if (session is not null)
            session.Note(Probe);
    }

    public void RolledBack() => _uncommitted = null;

    /// <summary>Whoever began the transaction will commit it, and EF will not hear of it.</summary>
    public void TransactionSupplied(bool supplied) => _foreignTransaction = supplied;

    /// <summary>The context has another primary, or none any more.</summary>
    public void Reset()
    {
        _probe = null;
        _uncommitted = null;
        _foreignTransaction = false;
    }

    private void Touch(RoutingSession session)
    {
        if (RouteFrame.Current is { Session: not null } frame)
            frame.Touch(Probe);
        else
            session.Note(Probe);
    }

    private Transaction? EnlistedIn() => AmbientTransactions.Find() == AmbientTransaction.Active
        ? Transaction.Current
        : (primary as ITransactionEnlistmentManager)?.EnlistedTransaction;

    private void NoteOnCommit(Transaction transaction, RoutingSession session)
    {
        var probe = Probe;
        transaction.TransactionCompleted += (_, e) =>
        {
            if (e.Transaction?.TransactionInformation.Status != TransactionStatus.Aborted)
                session.Note(probe);
        };
    }
}
