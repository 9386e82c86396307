using System.Data.Common;
using System.Diagnostics;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Health;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Sessions;

namespace Cqrs.Routing.EntityFrameworkCore.Freshness;

/// <summary>
/// Asks a replica whether it has everything that the query's session wrote and saw, and is as fresh as the query demands. Uses the connection that
/// the query will read from. Does not ask if there is no demand.
/// </summary>
internal sealed class FreshnessCheck(ReplicaConnection replica, WriteTracker primary, ReplicaFallback fallback, Type context, ReplicaOptions options)
{

    private RouteFrame? _openFor;
    private TimeSpan? _shownToBeWithin;
    private (RecoveryCheck Doubt, ReplicationPosition Required)? _recovery;
    private const string Savepoint = "cqrs_routing_position";

    /// <summary>Gets how long the last query that asked waited for a usable answer.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Returns whether a query must ask the replica before it may read from it.</summary>
    public bool IsRequired(RouteFrame query) => IsRequiredBySession(query) || (query is { Decision.Route: DatabaseRole.Replica, Session: not null } && HasPendingRecoveryCheck);

    /// <summary>Returns whether the query itself, or its session, needs something that the replica may not have.</summary>
    public bool IsRequiredBySession(RouteFrame query) =>
        query.Decision.Route == DatabaseRole.Replica
        && (query.Request.MaxStaleness is not null || (query.Session is { IsBlank: false } session && !IsMet(session)));

    /// <summary>
    /// Returns whether an earlier answer of the open replica also applies to this query. The query must be the one that opened the replica, or run
    /// inside it, and demand nothing fresher. A query continues on its replica even if its session writes in parallel.
    /// </summary>
    public bool IsSatisfiedFor(RouteFrame query) =>
        ReferenceEquals(_openFor, Outermost(query)) && (query.Request.MaxStaleness is not { } limit || _shownToBeWithin <= limit);

    /// <summary>Records that the open replica serves this query and has given the required answers.</summary>
    public void MarkSatisfied(RouteFrame query)
    {
        _openFor = Outermost(query);
        _shownToBeWithin = query.Request.MaxStaleness;
    }

    /// <summary>Checks the conditions that are known before the replica is opened.</summary>
    /// <returns>The reason why the primary must serve; null if the replica may.</returns>
    public async ValueTask<RouteReason?> BeforeOpenAsync(RouteFrame query, bool async, CancellationToken cancellationToken)
    {
        await BeginRecoveryCheckAsync(query, async, cancellationToken).ConfigureAwait(false);
        return await BeforeAskingAsync(query, async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks the same conditions for a replica that is already open. It has not restarted since it was opened.</summary>
    public ValueTask<RouteReason?> BeforeAskingOpenAsync(RouteFrame query, bool async, CancellationToken cancellationToken)
    {
        _recovery = null;
        return BeforeAskingAsync(query, async, cancellationToken);
    }

    private async ValueTask<RouteReason?> BeforeAskingAsync(RouteFrame query, bool async, CancellationToken cancellationToken)
    {
        Waited = TimeSpan.Zero;
        if (query.Session is not { } session)
            return RouteReason.PositionUnknown;

        session.Expire();
        if (session.IsPinned)
            return RouteReason.RecentWrite;
        if (replica.Positions is NoPositions)
            return BeforeReadingUnknown(query, session);
        if (IsNothingOwed(query, session))
            return null;
        // The primary is asked first. A replica that is asked afterwards can then be shown to have the primary's current position.
        if (await session.AskPrimaryAsync(primary.PositionReader, query.Request.MaxStaleness, async, cancellationToken).ConfigureAwait(false))
            return null;

        return session.IsPinned ? RouteReason.RecentWrite : IsNothingOwed(query, session) ? null : RouteReason.PositionUnknown;
    }

    /// <summary>Returns why the primary must serve if the replica cannot be asked.</summary>
    public RouteReason ReasonUnasked(RouteFrame query) =>
        replica.Positions is NoPositions && query.Session?.RanCommandWithin(options.RecentWriteWindow) == true ? RouteReason.RecentWrite : RouteReason.PositionUnknown;

    private RouteReason? BeforeReadingUnknown(RouteFrame query, RoutingSession session)
    {
        if (session.RanCommandWithin(options.RecentWriteWindow))
            return RouteReason.RecentWrite;
        if (query.Request.MaxStaleness is null)
            return null;

        session.Services.ReportUnknownStaleness(query.RequestName, context);
        return RouteReason.PositionUnknown;
    }

    /// <summary>Asks the replica on the open connection, and repeats the question for as long as the options allow.</summary>
    /// <returns>The reason why the primary must serve; null if the replica may.</returns>
    public async ValueTask<RouteReason?> AfterOpenAsync(RouteFrame query, DbConnection connection, bool async, CancellationToken cancellationToken)
    {
        if (query.Session is not { } session || replica.Positions is NoPositions || IsNothingOwed(query, session))
            return null;

        var begin = Stopwatch.GetTimestamp();
        var backoff = new Backoff(TimeSpan.MaxValue);
        while (true)
        {
            var outcome = await AskAsync(query, session, connection, async, cancellationToken).ConfigureAwait(false);
            var waited = Stopwatch.GetElapsedTime(begin);
            if (outcome?.Has(RouteReasonTraits.Passes) != true || waited + backoff.Next > options.MaxCatchUpWait)
            {
                Waited = backoff.HasPaused ? waited : TimeSpan.Zero;
                RoutingMetrics.CountCheck(outcome, Waited);
                return outcome;
            }

            await backoff.PauseAsync(async, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Resets the state for another replica or another lease of the context.</summary>
    public void Reset() => _openFor = null;

    private async ValueTask<RouteReason?> AskAsync(RouteFrame query, RoutingSession session, DbConnection connection, bool async, CancellationToken cancellationToken)
    {
        var reading = await ReadAsync(session, connection, null, async, cancellationToken).ConfigureAwait(false);
        if (reading.Position is not { } replayed)
            return fallback.IsLost(reading.Error) ? RouteReason.ReplicaUnavailable : RouteReason.PositionUnknown;

        if (!session.Services.IsReplicaOf(primary.PositionReader, replayed, context))
            return RouteReason.PositionUnknown;
        if (!HasRecovered(replayed))
            return RouteReason.NotCaughtUp;

        // It notes what the session waits for, so it comes after all that can end the check before.
        var shortfall = session.FindShortfall(primary.PositionReader, replayed, query.Request.MaxStaleness);
        // After a failover, the known position of the primary may be the previous primary's.
        if (shortfall == RouteReason.NotAReplica && await session.AskPrimaryAsync(primary.PositionReader, span: null, async, cancellationToken, again: true).ConfigureAwait(false))
            shortfall = session.FindShortfall(primary.PositionReader, replayed, query.Request.MaxStaleness);

        if (shortfall is null or RouteReason.TooStale && !replica.IsLoadBalanced)
            replica.Health.Replayed(replayed);
        return shortfall;
    }

    private async ValueTask<PositionResult> ReadAsync(
        RoutingSession session, DbConnection connection, DbTransaction? transaction, bool async, CancellationToken cancellationToken)
    {
        var source = replica.Positions;
        var reading = await PositionQuery.ReadAsync(source, source.ReplicaCommandText, connection, transaction, async, cancellationToken).ConfigureAwait(false);
        if (fallback.IsLost(reading.Error))
            fallback.Lost(reading.Error);
        else
            session.Services.LogProblemOnce("replica", reading);
        return reading;
    }

    private static RouteFrame Outermost(RouteFrame frame)
    {
        while (frame.Outer is { } outer)
            frame = outer;
        return frame;
    }

    private bool IsNothingOwed(RouteFrame query, RoutingSession session) => session.IsBlank && query.Request.MaxStaleness is null && _recovery is null;

    // A single server never goes back, so it still has what it had once. With several servers, each has to be asked.
    private bool IsMet(RoutingSession session) =>
        !replica.IsLoadBalanced && replica.HasOwnConnection && replica.Health.LastReplayed is { } replayed
        && session.SessionPositions.IsReachedBy(replayed, primary.PositionReader) && !session.Services.IsOnOtherTimeline(primary.PositionReader, replayed);

    // Not used if several servers answer: there, an earlier position of a replica is never relied on, so a loss invalidates nothing.
    private bool HasPendingRecoveryCheck => replica.HasOwnConnection && replica.Health.PendingRecoveryCheck is not null && !replica.IsLoadBalanced && replica.Positions is not NoPositions;

    private async ValueTask BeginRecoveryCheckAsync(RouteFrame query, bool async, CancellationToken cancellationToken)
    {
        _recovery = null;
        if (!HasPendingRecoveryCheck || query.Session is not { } session || replica.Health.PendingRecoveryCheck is not { } doubt)
            return;

        // If the primary does not report its position, there is nothing to compare the replica with.
        if (!doubt.IsOlderThan(session.Services.Clock.Lifetime)
            && await doubt.RequiredAsync(session.Services, primary.PositionReader, async, cancellationToken).ConfigureAwait(false) is { } required)
        {
            _recovery = (doubt, required);
        }
        else
        {
            replica.Health.CompleteRecoveryCheck(doubt);
        }
    }

    private bool HasRecovered(ReplicationPosition replayed)
    {
        if (_recovery is not { } doubted)
            return true;
        if (!replayed.IsComparableTo(doubted.Required) || replayed.Value < doubted.Required.Value)
            return false;

        replica.Health.CompleteRecoveryCheck(doubted.Doubt);
        return true;
    }

    /// <summary>
    /// Records the position that a query saw on the replica. Another server may answer the session's next query, which must have everything that this
    /// one saw.
    /// </summary>
    public async ValueTask RecordAsync(RouteFrame query, DbConnection connection, DbTransaction? transaction, bool async)
    {
        if (query.Session is not { } session || !replica.IsLoadBalanced || !options.MonotonicReads || replica.Positions is NoPositions)
            return;

        var reading = transaction is { SupportsSavepoints: true }
            ? await ReadInSavepointAsync(session, connection, transaction, async).ConfigureAwait(false)
            : (await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false)).Position;
        if (reading is { } seen)
            session.SessionPositions.Saw(seen);
        else
            session.PinToPrimary();
    }

    // A failing command would abort the transaction, which belongs to the application.
    private async ValueTask<ReplicationPosition?> ReadInSavepointAsync(RoutingSession session, DbConnection connection, DbTransaction transaction, bool async)
    {
        try
        {
            if (async)
                await transaction.SaveAsync(Savepoint).ConfigureAwait(false);
            else
                transaction.Save(Savepoint);
            var position = (await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false)).Position;
            if (position is null && async)
                await transaction.RollbackAsync(Savepoint).ConfigureAwait(false);
            else if (position is null)
                transaction.Rollback(Savepoint);
            else if (async)
                await transaction.ReleaseAsync(Savepoint).ConfigureAwait(false);
            else
                transaction.Release(Savepoint);
            return position;
        }
        catch (DbException e)
        {
            session.Services.LogProblemOnce("replica", PositionResult.FromError(e));
            return null;
        }
    }
}
