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

/// <summary>Works out, where a context is bound in shadow mode, what it would have been bound to.</summary>
internal sealed class ShadowEvaluator(DbContext context, ReplicaConnection replica, WriteTracker primary, ReplicaFallback fallback)
{
    // Why the query that opened the connection would have been where it would have been.
    private RouteReason? _opened;

    /// <summary>Decides a scope that no request of the application has decided yet.</summary>
    public void Decide(RouteFrame frame)
    {
        if (!frame.IsShadowModeDecided && ApplicationServices.Find<Rollout>(context) is { } rollout)
            frame.DecideShadowMode(rollout, frame);
    }

    /// <summary>The context is about to be bound to the primary.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="run">What is told of it.</param>
    /// <param name="tracks">Whether it is bound for a statement that tracks entities.</param>
    /// <param name="isPrimaryBusy">Whether the primary's connection is open, or in a transaction. If a query in shadow mode opened it, it would be the replica's.</param>
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
        // It would not have opened the replica, and not have been sent away from one that is open.
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

    /// <summary>The context has another lease.</summary>
    public void Reset() => _opened = null;

    private RouteReason ReasonIfIdle(ShadowRun run) =>
        !Connects(run) ? replica.InactiveReason
        : AmbientTransactions.Get() != AmbientTransactionState.None ? RouteReason.AmbientTransaction
        : RefusalOfReplica() ?? RouteReason.Query;

    // No query fails on it here, so that its circuit would open; what was measured last has to do.
    private RouteReason? RefusalOfReplica() =>
        !replica.HasOwnConnection ? null
        : fallback.Refusal() ?? (replica.Health.Status is { Error: not null } ? RouteReason.ReplicaUnavailable : null);

    private RouteReason ReasonIfBusy(ShadowRun run) => Connects(run) ? RouteReason.OpenConnection : replica.InactiveReason;

    // A replica that is configured wrongly is one of the things to find out in shadow mode, not one to fail for.
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
