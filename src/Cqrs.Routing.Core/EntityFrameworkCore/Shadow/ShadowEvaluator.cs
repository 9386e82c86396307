using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Freshness;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Shadow;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.EntityFrameworkCore.Shadow;

/// <summary>Determines, when a context is bound in shadow mode, where routing would have bound it.</summary>
internal sealed class ShadowEvaluator(DbContext context, ReplicaConnection replica, WriteTracker primary, ReplicaFallback fallback)
{
    // The reason for the route that the query which opened the connection would have taken.
    private RouteReason? _opened;

    /// <summary>Decides shadow mode for a scope that no request of the application has decided yet.</summary>
    public void Decide(RouteFrame frame)
    {
        if (!frame.IsShadowModeDecided && ApplicationServices.Find<Rollout>(context) is { } rollout)
            frame.DecideShadowMode(rollout, frame);
    }

    /// <summary>Records that the context is about to be bound to the primary.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="run">Collects the results of shadow mode for the request.</param>
    /// <param name="tracks">Whether the context is bound for a statement that tracks entities.</param>
    /// <param name="isPrimaryBusy">Returns whether the primary's connection is open or in a transaction. If a query in shadow mode opened it, routing
    /// would have opened the replica.</param>
    public void Bound(RouteFrame frame, ShadowRun run, Func<bool> isPrimaryBusy, bool tracks)
    {
        Configure(run);
        var busy = !replica.IsMirror && isPrimaryBusy();
        if (!busy)
            _opened = null;
        if (!frame.IsQuery)
            return;

        var reason = frame.Decision.Reason;
        if (reason == RouteReason.Shadow)
            reason = busy ? _opened ?? ReasonIfBusy(run) : ReasonIfIdle(run);
        // Such a statement would not have opened the replica, and would not have left an open one.
        if (tracks && reason == RouteReason.Query)
        {
            run.WouldRun(RouteReason.Tracking);
            return;
        }

        run.WouldRun(reason);
        if (busy)
            return;

        _opened = reason;
        if (reason == RouteReason.Query)
            Ask(frame, run);
    }

    /// <summary>Resets the state for another lease of the context.</summary>
    public void Reset() => _opened = null;

    private RouteReason ReasonIfIdle(ShadowRun run) =>
        !Connects(run) ? replica.InactiveReason
        : AmbientTransactions.Get() != AmbientTransactionState.None ? RouteReason.AmbientTransaction
        : RefusalOfReplica() ?? RouteReason.Query;

    // In shadow mode no query fails on the replica, so its circuit breaker cannot open. The last measurement is used instead.
    private RouteReason? RefusalOfReplica() =>
        !replica.HasOwnConnection ? null
        : fallback.Refusal() ?? (replica.Health.Status is { Error: not null } ? RouteReason.ReplicaUnavailable : null);

    private RouteReason ReasonIfBusy(ShadowRun run) => Connects(run) ? RouteReason.OpenConnection : replica.InactiveReason;

    // Shadow mode reports a misconfigured replica and does not fail because of it.
    private void Configure(ShadowRun run)
    {
        try
        {
            replica.EnsureConfigured();
        }
        catch (InvalidOperationException e)
        {
            run.Broken(e.Message);
            replica.Disable();
        }
    }

    private bool Connects(ShadowRun run)
    {
        try
        {
            return replica.IsMirror || replica.TryPrepare();
        }
        catch (InvalidOperationException e)
        {
            run.Broken(e.Message);
            return false;
        }
    }

    private void Ask(RouteFrame frame, ShadowRun run)
    {
        if (frame.Session is not { } session || (session.IsBlank && frame.Request.MaxStaleness is null) || replica.Positions is NoPositions || replica.Connection is null)
            return;
        if (run.Rollout.Sampler.TryBegin())
            new ShadowStalenessProbe(run, session, frame.Request.MaxStaleness, replica.Positions, primary.PositionReader, replica.CreateSideConnection(), context.GetType()).Begin();
    }
}
