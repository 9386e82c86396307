using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.Scopes;

/// <summary>Whether a request is routed or runs in shadow mode is decided once, for its outermost request.</summary>
internal sealed partial class RouteFrame
{
    private volatile bool _rolledOut;

    /// <summary>What is told of this request because it runs in shadow mode; null if it is routed, or not decided yet.</summary>
    public ShadowRun? Shadow => Rare?.Shadow;

    /// <summary>Whether that was decided.</summary>
    public bool IsShadowModeDecided => _rolledOut;

    /// <summary>Decides, if that was not done yet.</summary>
    /// <remarks>
    /// A <see cref="RouteScope"/> knows no application, so one that is outermost is decided by the first context or request inside it. <see cref="RouteScope.ForcePrimary"/>
    /// alone is no request: what is sent inside it is the outermost.
    /// </remarks>
    public void DecideShadowMode(Rollout rollout, object instance)
    {
        if (_rolledOut)
            return;

        if (Outer is { } outer)
        {
            outer.DecideShadowMode(rollout, outer);
            if (outer._rolledOut)
            {
                SetShadowRun(outer.Shadow is { } run ? IsRequest ? run.Inner(Request) : run : null);
                return;
            }
        }

        if (!IsRequest)
            return;

        var plan = rollout.Plan;
        SetShadowRun(plan.RoutesAll || plan.Routes(Request, instance) ? null : new(rollout, Request, othersAreRouted: !plan.RoutesNone));
    }

    /// <summary>Routes this one, whatever else runs in shadow mode.</summary>
    public void ExcludeFromShadow() => _rolledOut = true;

    private void SetShadowRun(ShadowRun? run)
    {
        if (run is not null && Interlocked.CompareExchange(ref EnsureRare().Shadow, run, null) is null)
            Decision = RoutePolicy.Shadow(Decision);
        _rolledOut = true;
    }
}
