using System.Data.Common;
using System.Diagnostics;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// Asks a replica, on the very connection that a query will read from, whether it has what the query's session wrote and saw, and is as fresh as the
/// query demands. Asks nothing where nothing is demanded.
/// </summary>
internal sealed class ReplicaProof(ReplicaLink replica, PrimaryWrites primary, Type context, ReplicaOptions options)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);

    private const string Savepoint = "cqrs_routing_position";

    private SessionMarks? _met;
    private int _metVersion;
    private RouteFrame? _openFor;
    private TimeSpan? _shownToBeWithin;

    /// <summary>How long the last query that asked waited for an answer that it can use.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Whether a query has to ask before it may read from the replica.</summary>
    public bool IsNeeded(RouteFrame query) =>
        query.Decision.Route == Route.Replica
        && (query.Request.MaxStaleness is not null || (query.Session is { IsBlank: false } session && !WereMet(session.Marks)));

    /// <summary>
    /// Whether what the open replica was asked before answers for this query too: it is the one, or runs in the one, that opened it, and wants nothing fresher. In
    /// the middle of something a query goes on, whatever its session writes beside it.
    /// </summary>
    public bool Covers(RouteFrame query) =>
        ReferenceEquals(_openFor, Outermost(query)) && (query.Request.MaxStaleness is not { } limit || _shownToBeWithin <= limit);

    /// <summary>The open replica serves this query, and has answered what it had to ask.</summary>
    public void Cover(RouteFrame query)
    {
        _openFor = Outermost(query);
        _shownToBeWithin = query.Request.MaxStaleness;
    }

    /// <summary>What can be known before the replica is opened.</summary>
    /// <returns>Why the primary has to serve, or null.</returns>
    public async ValueTask<RouteReason?> BeforeOpenAsync(RouteFrame query, bool async, CancellationToken cancellationToken)
    {
        Waited = TimeSpan.Zero;
        if (query.Session is not { } session)
            return RouteReason.PositionUnknown;

        session.Expire();
        await session.ReadPositionsAsync(async, cancellationToken).ConfigureAwait(false);
        if (session.IsPinned)
            return RouteReason.RecentWrite;
        if (replica.Positions is not NoPositions)
        {
            // The primary first: what it has now is what a replica that is asked afterwards may be shown to have.
            return (session.IsBlank && query.Request.MaxStaleness is null)
                || await session.Services.KnowsAsync(primary.Probe, query.Request.MaxStaleness, async, cancellationToken).ConfigureAwait(false)
                ? null
                : RouteReason.PositionUnknown;
        }

        if (query.Request.MaxStaleness is null)
            return null;

        session.Services.Report("replica", $"the database has no position source, so [MaxStaleness] on {query.RequestName} cannot be measured");
        return RouteReason.PositionUnknown;
    }

    /// <summary>Asks the replica, on the open connection, and again for as long as the options say.</summary>
    /// <returns>Why the primary has to serve, or null.</returns>
    public async ValueTask<RouteReason?> AfterOpenAsync(RouteFrame query, DbConnection connection, bool async, CancellationToken cancellationToken)
    {
        if (query.Session is not { } session || replica.Positions is NoPositions || (session.IsBlank && query.Request.MaxStaleness is null))
            return null;

        var begin = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            var outcome = await AskAsync(query, session, connection, async, cancellationToken).ConfigureAwait(false);
            var waited = Stopwatch.GetElapsedTime(begin);
            if (outcome is not (RouteReason.NotCaughtUp or RouteReason.TooStale) || waited + pause > options.MaxWait)
            {
                Waited = pause > FirstPause ? waited : TimeSpan.Zero;
                RoutingMeter.CountCheck(outcome, Waited);
                return outcome;
            }

            if (async)
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            else
                Thread.Sleep(pause);
            pause *= 2;
        }
    }

    /// <summary>A query is done with the replica. Another server may answer the session's next one, which must have all that this one saw.</summary>
    public async ValueTask RememberAsync(RouteFrame query, DbConnection connection, DbTransaction? transaction, bool async)
    {
        if (query.Session is not { } session || !replica.IsLoadBalanced || !options.MonotonicReads || replica.Positions is NoPositions)
            return;

        var reading = transaction is { SupportsSavepoints: true }
            ? await ReadInSavepointAsync(session, connection, transaction, async).ConfigureAwait(false)
            : await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false);
        if (reading is { } seen)
            session.Saw(seen);
        else
            session.RequirePrimary();
    }

    /// <summary>The context has another replica, or another lease.</summary>
    public void Reset()
    {
        _met = null;
        _openFor = null;
    }

    private async ValueTask<RouteReason?> AskAsync(RouteFrame query, RoutingSession session, DbConnection connection, bool async, CancellationToken cancellationToken)
    {
        if (await ReadAsync(session, connection, null, async, cancellationToken).ConfigureAwait(false) is not { } replayed)
            return RouteReason.PositionUnknown;
        if (!session.Services.IsCopyOf(primary.Probe, replayed, context))
            return RouteReason.PositionUnknown;

        var marks = session.Marks;
        if (!marks.AreMetBy(replayed, drop: !replica.IsLoadBalanced, out var version))
            return RouteReason.NotCaughtUp;

        (_met, _metVersion) = (marks, version);
        // Whatever the primary had at a time, and the replica has now, is no older than that time.
        return query.Request.MaxStaleness is not { } limit || session.Services.TimelineOf(replayed.Database).HadAtMost(replayed.Value, limit)
            ? null
            : RouteReason.TooStale;
    }

    // A command that fails would take the transaction with it, which is the application's.
    private async ValueTask<ReplicationPosition?> ReadInSavepointAsync(RoutingSession session, DbConnection connection, DbTransaction transaction, bool async)
    {
        try
        {
            if (async)
                await transaction.SaveAsync(Savepoint).ConfigureAwait(false);
            else
                transaction.Save(Savepoint);
            var position = await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false);
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
            session.Services.Report("replica", PositionReading.Of(e).Problem!);
            return null;
        }
    }

    private async ValueTask<ReplicationPosition?> ReadAsync(
        RoutingSession session, DbConnection connection, DbTransaction? transaction, bool async, CancellationToken cancellationToken)
    {
        var source = replica.Positions;
        var reading = await PositionCommand.ReadAsync(source, source.ReplicaCommandText, connection, transaction, async, cancellationToken).ConfigureAwait(false);
        if (reading.Problem is not null)
            session.Services.Report("replica", reading.Problem);
        return reading.Position;
    }

    private static RouteFrame Outermost(RouteFrame frame)
    {
        while (frame.Outer is { } outer)
            frame = outer;
        return frame;
    }

    // One server never goes back, so what it had once it has. Of several, each has to be asked.
    private bool WereMet(SessionMarks marks) => ReferenceEquals(marks, _met) && marks.Version == _metVersion && !replica.IsLoadBalanced;
}
