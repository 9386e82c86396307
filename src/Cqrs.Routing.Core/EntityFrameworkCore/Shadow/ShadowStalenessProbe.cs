using Cqrs.Routing.Positions;
using Cqrs.Routing.Sessions;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.EntityFrameworkCore.Shadow;

/// <summary>
/// Asks a replica whether it could have served a query in shadow mode. Runs beside the query, on a connection of its own. The query does not wait for
/// the answer and is not affected by it.
/// </summary>
internal sealed class ShadowStalenessProbe(
    ShadowRun run, RoutingSession session, TimeSpan? maxStaleness, IPositionSource source, PrimaryPositionReader primary, SideConnection connect, Type context)
    : IThreadPoolWorkItem
{
    /// <summary>The limit for both servers together. A replica that needs longer would not have served the query either.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    // Does not capture the ambient flow of the request: no transaction, no route, no trace.
    public void Begin() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public async void Execute()
    {
        try
        {
            run.Asked(await AskAsync().ConfigureAwait(false));
        }
        catch (Exception)
        {
            // No error may affect the request. A position that cannot be read was logged where it was read.
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
        return known && reading.Position is { } replayed && session.Services.IsReplicaOf(primary, replayed, context)
            ? session.FindShortfall(primary, replayed, maxStaleness)
            : RouteReason.PositionUnknown;
    }
}
