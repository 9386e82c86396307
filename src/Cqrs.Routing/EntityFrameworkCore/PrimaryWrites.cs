using System.Data;
using System.Data.Common;
using System.Transactions;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Tells the session what one context wrote to its primary, once it is committed, and what its queries saw there.</summary>
internal sealed class PrimaryWrites(IRelationalConnection primary, ReplicaLink replica, ReplicaOptions options)
{
    private PrimaryProbe? _probe;
    private (Guid Transaction, RoutingSession Session)? _uncommitted;
    private DbTransaction? _supplied;
    private DbConnection? _watched;

    /// <summary>Reads the primary's position.</summary>
    public PrimaryProbe Probe => _probe ??= new(replica.Positions, options.WriteWindow, primary.ConnectionString, Connector.Of(primary.DbConnection));

    /// <summary>EF sends a write.</summary>
    public void Wrote()
    {
        if (RouteFrame.CurrentSession is not { } session || !replica.Exists)
            return;

        if (primary.CurrentTransaction is { } open && !(_supplied is not null && ReferenceEquals(open.GetDbTransaction(), _supplied)))
        {
            _uncommitted = (open.TransactionId, session);
            return;
        }

        // Not every provider takes part in a transaction scope, so the write may be committed now or then.
        Touch(session);
        if (EnlistedIn() is { } transaction)
            NoteOnCommit(transaction, session);
    }

    /// <summary>
    /// The application has a bare connection: nobody can tell what it does there, so in a command that counts as a write, in its transaction if it has one, else
    /// now and when the request ends. So it does for a later command that opens the same connection.
    /// </summary>
    public void HandedOut(DbConnection? connection, bool onReplica)
    {
        if (!onReplica)
            Watch(connection);
        if (RouteFrame.Current is { IsQuery: true } query)
        {
            query.LoseVouch();
            return;
        }

        Wrote();
    }

    /// <summary>A query reads from the primary: the session's next one may not read anything older.</summary>
    public void Seen(RouteFrame query)
    {
        if (query.Session is not null && replica.Exists && options.MonotonicReads && Probe.ReadsPositions)
            query.Saw(Probe);
    }

    /// <summary>What was written in another transaction than this one was never committed: nobody is told of one that is disposed of.</summary>
    public void Committed(Guid transaction)
    {
        var uncommitted = _uncommitted;
        _uncommitted = null;
        if (uncommitted is { } written && written.Transaction == transaction)
            written.Session.Note(Probe);
    }

    public void RolledBack() => _uncommitted = null;

    /// <summary>Whoever began the transaction will commit it, and EF will not hear of it.</summary>
    public void TransactionSupplied(DbTransaction? transaction) => _supplied = transaction;

    /// <summary>The context has another primary, or none any more.</summary>
    public void Reset()
    {
        _probe = null;
        _uncommitted = null;
        _supplied = null;
        Watch(null);
    }

    private void Watch(DbConnection? connection)
    {
        if (ReferenceEquals(_watched, connection))
            return;

        if (_watched is not null)
            _watched.StateChange -= OnStateChange;
        _watched = connection;
        if (connection is not null)
            connection.StateChange += OnStateChange;
    }

    private void OnStateChange(object sender, StateChangeEventArgs e)
    {
        if (e.CurrentState == ConnectionState.Open && RouteFrame.Current is not { IsQuery: true })
            Wrote();
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
