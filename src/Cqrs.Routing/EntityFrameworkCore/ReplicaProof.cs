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

    private SessionMarks? _met;
    private int _metVersion;

    /// <summary>How long the last query that asked waited for an answer that it can use.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Whether a query has to ask before it may read from the replica.</summary>
    public bool IsNeeded(RouteFrame query) =>
        query.Decision.Route == Route.Replica
        && (query.Request.MaxStaleness is not null || (query.Session is { IsBlank: false } session && !WereMet(session.Marks)));

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
        if (query.Request.MaxStaleness is null || replica.Positions is not NoPositions)
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
            if (outcome != RouteReason.NotCaughtUp || waited + pause > options.MaxWait)
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

        var reading = await ReadAsync(session, connection, transaction, async, CancellationToken.None).ConfigureAwait(false);
        if (reading is { } seen)
            session.Saw(seen);
        else
            session.RequirePrimary();
    }

    /// <summary>The context has another replica, or another lease.</summary>
    public void Reset() => _met = null;

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
        return query.Request.MaxStaleness is { } limit
            ? await session.Services.JudgeAgeAsync(replayed, limit, primary.Probe, async, cancellationToken).ConfigureAwait(false)
            : null;
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

    // One server never goes back, so what it had once it has. Of several, each has to be asked.
    private bool WereMet(SessionMarks marks) => ReferenceEquals(marks, _met) && marks.Version == _metVersion && !replica.IsLoadBalanced;
}
