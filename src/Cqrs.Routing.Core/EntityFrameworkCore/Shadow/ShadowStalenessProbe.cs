using Cqrs.Routing.Positions;
using Cqrs.Routing.Sessions;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.EntityFrameworkCore.Shadow;

/// <summary>
/// Asks a replica, beside a query in shadow mode and on a connection of its own, whether it could have served the query. The query does not wait for it and
/// does not hear of it.
/// </summary>
internal sealed class ShadowStalenessProbe(
    ShadowRun run, RoutingSession session, TimeSpan? maxStaleness, IPositionSource source, PrimaryPositionReader primary, SideConnection connect, Type context)
    : IThreadPoolWorkItem
{
    /// <summary>For both servers together; a replica that needs longer would not have served the query either.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // Nothing of the request flows along: no transaction, no route, no trace.
    public void Begin() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public async void Execute()
    {
        try
        {
            run.Asked(await AskAsync().ConfigureAwait(false));
        }
        catch (Exception)
        {
            // Whatever it was, the request is not to suffer for it; a position that cannot be read was logged where it was read.
            run.Asked(RouteReason.PositionUnknown);
        }
        finally
        {
            run.Rollout.Sampler.End();
        }
    }

    private async Task<RouteReason?> AskAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        session.Expire();
        var known = await session.AskPrimaryAsync(primary, maxStaleness, async: true, timeout.Token).ConfigureAwait(false);
        var reading = await PositionQuery.ReadAsync(source, source.ReplicaCommandText, connect, async: true, timeout.Token).ConfigureAwait(false);
        session.Services.LogProblemOnce("replica", reading);
        if (session.IsPinned)
            return RouteReason.RecentWrite;
        return known && reading.Position is { } replayed ? session.FindShortfall(primary, replayed, maxStaleness, context) : RouteReason.PositionUnknown;
    }
}
