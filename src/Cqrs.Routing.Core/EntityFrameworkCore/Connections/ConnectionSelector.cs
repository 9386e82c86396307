using System.Data;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Cqrs.Routing.EntityFrameworkCore.Shadow;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>
/// Chooses one of a context's two connections before each use of the database. An idle context follows the route of the running request. A connection
/// that is open or in a transaction stays in use.
/// </summary>
internal sealed class ConnectionSelector(
    IRelationalConnection primary, ReplicaConnection replica, OpenConnectionStack open, TrackingStatements tracking, RouteReporter report, ReplicaFallback fallback, ShadowEvaluator shadow)
{
    private bool _activeIsReplica;
    private RouteFrame? _openedFor;
    private RouteFrame? _heldFor;
    private RouteDecision _openedBy;

    /// <summary>Gets the connection that was chosen last.</summary>
    public IRelationalConnection Active => _activeIsReplica ? replica.Connection ?? primary : primary;

    /// <summary>Gets whether the last choice was the replica, including a mirror in its place.</summary>
    public bool OnReplica { get; private set; }

    /// <summary>
    /// Gets whether the last choice was a replica that is not open and was not reported yet. <see cref="Confirm"/> or <see cref="Escalate"/> follows.
    /// </summary>
    public bool IsProvisional { get; private set; }

    /// <summary>Gets whether the primary was chosen since the context was leased.</summary>
    public bool PrimaryUsed { get; private set; }

    /// <summary>Gets whether the replica's connection was chosen since the context was leased.</summary>
    public bool ReplicaUsed { get; private set; }

    /// <summary>
    /// Gets the connection that EF Core opened last and has not closed, wherever the context was bound since; the active one if there is none.
    /// </summary>
    public IRelationalConnection LastOpened => !open.Any ? Active : open.LastIsReplica ? replica.Connection ?? primary : primary;

    /// <summary>
    /// Returns whether a request, or work outside any request, continues on <see cref="LastOpened"/>, wherever it would be bound by now. It does if
    /// it opened that connection itself and was not sent elsewhere since. It also does if the driver has lost the connection, because EF Core must
    /// end its work where it began.
    /// </summary>
    public bool KeepsOpenConnection(RouteFrame? frame) => open.Any && (
        (ReferenceEquals(frame, _openedFor) && (frame is null || frame.Decision == _openedBy))
        || !(open.LastIsReplica ? replica.IsBusy : IsPrimaryBusy()));

    /// <summary>Gets the connection that a transaction is open on; the active one if there is none.</summary>
    public IRelationalConnection TransactionConnection =>
        PrimaryTransaction is not null ? primary
        : replica.Connection is { CurrentTransaction: not null } connection ? connection
        : Active;

    public IDbContextTransaction? CurrentTransaction => PrimaryTransaction ?? replica.Connection?.CurrentTransaction;

    /// <summary>Binds the context for its next use of the database.</summary>
    /// <param name="frame">The request that is running.</param>
    /// <param name="provisional">Whether the replica must first show that it can serve. Nothing is reported yet then, and <see cref="IsProvisional"/>
    /// is true.</param>
    /// <exception cref="InvalidOperationException">
    /// The route leads to the primary, but the context still has work open on the replica; or the replica is configured wrongly.
    /// </exception>
    public IRelationalConnection Bind(RouteFrame? frame, bool provisional = false)
    {
        Prepare(frame, tracks: false);
        replica.DiscardIfLeftOver();
        return replica.IsMirror ? SelectByRoute(frame, provisional: false)
            : IsPrimaryBusy() ? KeepPrimary(frame)
            : replica.IsBusy ? KeepReplica(frame)
            : SelectByRoute(frame, provisional);
    }

    /// <summary>
    /// Binds the primary for a statement that tracks entities, even beside an open replica. The whole query moves to the primary, if it was not there
    /// before.
    /// </summary>
    /// <param name="frame">The request that is running.</param>
    /// <param name="reader">The context as a participant in the query's retry.</param>
    /// <exception cref="InvalidOperationException">
    /// The statement belongs to a transaction, or to a connection that was opened by hand, that the context has on the replica; or the replica is
    /// configured wrongly.
    /// </exception>
    public void BindToTrack(RouteFrame? frame, IRetryParticipant reader)
    {
        Prepare(frame, tracks: true);
        replica.DiscardIfLeftOver();
        var decision = frame is null ? RouteDecision.Default : DecideToTrack(frame);
        if (!replica.IsMirror && IsTiedToReplica())
            throw frame is { IsQuery: true } ? Interrupt(frame, reader) : ReplicaBusy(frame, report.ContextName);

        Choose(DatabaseRole.Primary);
        if (frame is not null)
            report.Bound(frame, decision, replica.Exists);
    }

    /// <summary>Reports that the provisionally bound replica serves the query.</summary>
    public void Confirm(RouteFrame frame, TimeSpan waited) => report.Bound(frame, frame.Decision, hasReplica: true, waited);

    /// <summary>Binds the primary because the replica cannot serve this query. Applies to this query's other contexts too.</summary>
    public IRelationalConnection Escalate(RouteFrame frame, RouteReason reason)
    {
        frame.EscalateAll(reason);
        return Rebind(frame);
    }

    /// <summary>Binds the context again after its query was sent to the primary.</summary>
    public IRelationalConnection Rebind(RouteFrame frame, TimeSpan waited = default) => SelectByRoute(frame, provisional: false, waited);

    /// <summary>Binds the primary, whatever the request, for transactions that were begun elsewhere.</summary>
    public IRelationalConnection BindPrimary()
    {
        var frame = RouteFrame.Current;
        if (replica.IsBusy)
            throw ReplicaBusy(frame, report.ContextName);
        return KeepPrimary(frame);
    }

    /// <summary>Records that EF Core opened the bound connection.</summary>
    /// <param name="frame">The request that is running.</param>
    /// <param name="byHand">Whether EF Core opened it for the application.</param>
    /// <param name="wasOpened">Whether the driver's connection was closed before.</param>
    public void Opened(RouteFrame? frame, bool byHand, bool wasOpened)
    {
        if (_activeIsReplica && !replica.IsOpenedByEF)
        {
            _heldFor = frame;
            // The application had opened the connection before, without EF Core.
            byHand |= !wasOpened && !replica.IsSupplied;
        }

        if (frame is null && wasOpened)
            report.UsedOutsideRequests();
        open.Push(_activeIsReplica, byHand);
        _openedFor = frame;
        _openedBy = frame?.Decision ?? default;
    }

    /// <summary>Records that EF Core closes <see cref="LastOpened"/>.</summary>
    public void Closing()
    {
        if (open.Any)
            open.Pop();
    }

    /// <summary>
    /// Returns whether nothing is open on the replica, or only connections that this query, whose handler has ended, left open there.
    /// </summary>
    public bool CanReleaseReplica(RouteFrame query) => !replica.IsOpenedByEF || (ReferenceEquals(query, _heldFor) && !replica.IsSupplied);

    public void Reset()
    {
        open.Clear();
        _openedFor = null;
        _heldFor = null;
        _activeIsReplica = false;
        OnReplica = false;
        IsProvisional = false;
        PrimaryUsed = false;
        ReplicaUsed = false;
        shadow.Reset();
    }

    private void Prepare(RouteFrame? frame, bool tracks)
    {
        // A scope's request does not prove that routing is registered, as one of a mediator does.
        if (frame is null or { LacksSession: true })
            report.CheckRegistration();
        if (frame is not null)
            shadow.Decide(frame);
        if (frame is { IsQuery: true, LacksSession: true })
            report.FindSession(frame);
        report.Used(frame);
        if (frame?.Shadow is { } run)
            shadow.Bound(frame, run, IsPrimaryBusy, tracks);
        else
            replica.EnsureConfigured();
        if (tracks && frame?.Shadow is not null && frame.Decision.Reason == RouteReason.Shadow && replica.Exists)
            report.Tracks(frame, tracking.Entity);
    }

    private IRelationalConnection SelectByRoute(RouteFrame? frame, bool provisional, TimeSpan waited = default)
    {
        var decision = frame is null ? RouteDecision.Default : Decide(frame);
        Choose(decision.Route, provisional);
        if (frame is not null && !IsProvisional)
            report.Bound(frame, decision, replica.Exists, waited);
        return Active;
    }

    private void Choose(DatabaseRole route, bool provisional = false)
    {
        OnReplica = route == DatabaseRole.Replica;
        IsProvisional = provisional && OnReplica;
        _activeIsReplica = OnReplica && !replica.IsMirror;
        if (_activeIsReplica)
            ReplicaUsed = true;
        else
            PrimaryUsed = true;
    }

    private RouteDecision Decide(RouteFrame frame)
    {
        var decision = frame.Decision;
        if (decision.Route == DatabaseRole.Primary)
            return decision;
        if (!replica.TryPrepare())
            return new(DatabaseRole.Primary, replica.InactiveReason);
        if (AmbientTransactions.Get() != AmbientTransactionState.None)
            return new(DatabaseRole.Primary, RouteReason.AmbientTransaction);
        return !replica.IsMirror && fallback.Needs(frame) ? frame.Decision : decision;
    }

    // If another cause keeps the query on the primary anyway, that cause is the reason, and the request type is not recorded as tracking.
    private RouteDecision DecideToTrack(RouteFrame frame)
    {
        if (frame.Decision.Route == DatabaseRole.Primary)
            return frame.Decision;
        if (!replica.IsMirror && IsPrimaryBusy())
            return DecideOnBusyPrimary(frame);
        if (!replica.TryPrepare())
            return new(DatabaseRole.Primary, replica.InactiveReason);
        if (AmbientTransactions.Get() != AmbientTransactionState.None)
            return new(DatabaseRole.Primary, RouteReason.AmbientTransaction);

        report.Tracks(frame, tracking.Entity);
        frame.EscalateAll(RouteReason.Tracking);
        return frame.Decision;
    }

    // Settings on a connection that was opened by hand, such as a tenant or a role, apply to that connection only.
    private bool IsTiedToReplica() => replica.Connection?.CurrentTransaction is not null || (open.AnyOnReplica ? open.IsByHand : replica.IsBusy);

    // Includes the outer queries: if the transaction is theirs, they have to begin on the primary.
    private TracksInReplicaTransactionException Interrupt(RouteFrame query, IRetryParticipant reader)
    {
        var interruption = new TracksInReplicaTransactionException(query.RequestName, report.ContextName, tracking.Entity, replica.Connection!.CurrentTransaction is not null);
        for (var outer = query; outer is { IsQuery: true }; outer = outer.Outer)
        {
            if (outer.Request is { Kind: RequestKind.Query, ReadFromPrimary: false })
                report.Tracks(outer, tracking.Entity);
        }

        query.EscalateAll(RouteReason.Tracking);
        query.AddReplicaReader(reader, replica.Health);
        query.Interrupt(interruption);
        return interruption;
    }

    // Without a usable replica that is the reason, even if an open connection also keeps the query on the primary.
    private RouteDecision DecideOnBusyPrimary(RouteFrame frame) =>
        frame.Decision.Route == DatabaseRole.Primary ? frame.Decision
        : new(DatabaseRole.Primary, replica.TryPrepare() ? RouteReason.OpenConnection : replica.InactiveReason);

    private IRelationalConnection KeepPrimary(RouteFrame? frame)
    {
        Choose(DatabaseRole.Primary);
        if (frame is not null)
            report.Bound(frame, DecideOnBusyPrimary(frame), replica.Exists);
        return primary;
    }

    private IRelationalConnection KeepReplica(RouteFrame? frame)
    {
        // Work outside requests relies on the primary.
        if (frame is null || MustNotBeStale(frame))
            throw ReplicaBusy(frame, report.ContextName);

        Choose(DatabaseRole.Replica);
        report.Bound(frame, frame.Decision.Route == DatabaseRole.Replica ? frame.Decision : new(DatabaseRole.Replica, RouteReason.OpenConnection), hasReplica: true);
        return Active;
    }

    // An unclassified helper inside a query may share the query's transaction on the replica. So may a query that another context sent to the
    // primary. Code that asked for the primary explicitly must not read from a replica.
    private static bool MustNotBeStale(RouteFrame frame) => frame.Decision.Route == DatabaseRole.Primary && !(frame.IsQuery && frame.Decision.Reason.Has(RouteReasonTraits.SharesReplica));

    // The primary is always chosen before it gets a transaction. Its connection object is created on first access, so a primary that was never chosen
    // is not accessed.
    private IDbContextTransaction? PrimaryTransaction => PrimaryUsed ? primary.CurrentTransaction : null;

    private bool IsPrimaryBusy() => PrimaryUsed
        && (primary.CurrentTransaction is not null || (primary.DbConnection.State != ConnectionState.Closed && !IsOpenOnlyToTrack()));

    // A tracking statement runs beside the context's open work on the replica and does not move that work.
    private bool IsOpenOnlyToTrack() => tracking.Open > 0 && !open.AnyOnPrimary && replica.IsBusy;

    public static InvalidOperationException ReplicaBusy(RouteFrame? frame, string context) => new(
        $"{frame?.RequestName ?? "This work"} needs the primary, but the context is still open on the replica: a transaction, a connection that was opened by hand "
        + $"or results that are still being read. Finish that first, or use another {context} (IDbContextFactory or a new scope). [CR245]");
}
