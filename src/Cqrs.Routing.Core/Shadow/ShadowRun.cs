using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Shadow;

/// <summary>Records the findings for one request that runs in shadow mode, each of them once. Thread safe.</summary>
internal sealed class ShadowRun
{
    // Bits above those of the refusals and the reasons.
    private const int LeftOpen = 31;
    private const int Swallowed = 30;

    private readonly RequestInfo _request;
    private readonly ShadowStatistics _counts;
    private int _reported;
    private volatile bool _hasFailed;

    public ShadowRun(Rollout rollout, RequestInfo request, bool othersAreRouted)
    {
        Rollout = rollout;
        _request = request;
        OthersAreRouted = othersAreRouted;
        _counts = rollout.Report.CountsOf(request);
        _counts.Ran();
    }

    public Rollout Rollout { get; }

    /// <summary>Gets whether some requests read from a replica. The session's next request must then not see less than this one.</summary>
    public bool OthersAreRouted { get; }

    /// <summary>Creates the run of a request inside this one.</summary>
    public ShadowRun Inner(RequestInfo request) => new(Rollout, request, OthersAreRouted);

    /// <summary>Records that the query would have run on the replica (<see cref="RouteReason.Query"/>), or on the primary for another reason.</summary>
    public void WouldRun(RouteReason reason)
    {
        if (IsNew((int)reason + 2))
            Count(reason);
    }

    /// <summary>Records that the query would have been refused.</summary>
    /// <returns>Whether this refusal is recorded for the first time.</returns>
    public bool WouldRefuse(ViolationKind refusal, string attempt)
    {
        if (!IsNew((int)refusal))
            return false;

        _counts.Refused(refusal, attempt);
        RoutingMetrics.CountShadow(_request.FullName, refusal.ToString());
        return true;
    }

    /// <summary>Records that a statement of the query failed.</summary>
    public void Failed() => _hasFailed = true;

    /// <summary>Records that the query has answered. If a statement failed, the code made a result of the error. A failure of the replica would then not cause a retry.</summary>
    public void Answered()
    {
        if (_hasFailed && IsNew(Swallowed))
            _counts.Swallowed();
    }

    /// <summary>Records that the query left a connection open, which would have been closed when it ended.</summary>
    public void WouldClose()
    {
        if (IsNew(LeftOpen))
            _counts.LeftOpen();
    }

    /// <summary>Records that the replica was asked whether it could have served the query. The refusal is null if it could.</summary>
    public void Asked(RouteReason? refusal)
    {
        _counts.Asked();
        if (refusal is { } reason)
            Count(reason);
    }

    /// <summary>Records that the replica could not have been used at all.</summary>
    public void Broken(string problem) => Rollout.Report.Broken(problem);

    private void Count(RouteReason reason)
    {
        _counts.WouldRun(reason);
        RoutingMetrics.CountShadow(_request.FullName, reason.ToString());
    }

    private bool IsNew(int what)
    {
        var bit = 1 << what;
        return (Interlocked.Or(ref _reported, bit) & bit) == 0;
    }
}
