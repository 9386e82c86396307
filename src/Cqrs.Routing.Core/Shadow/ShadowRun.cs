using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Shadow;

/// <summary>What is told of one request that runs in shadow mode: each thing once, however often it happens. Thread safe.</summary>
internal sealed class ShadowRun
{
    // Behind the refusals and the reasons.
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

    /// <summary>Whether some requests read from a replica: then what this one sees is the least that its session's next one may see.</summary>
    public bool OthersAreRouted { get; }

    /// <summary>A request inside this one.</summary>
    public ShadowRun Inner(RequestInfo request) => new(Rollout, request, OthersAreRouted);

    /// <summary>The query would have run on the replica (<see cref="RouteReason.Query"/>), or on the primary for another reason.</summary>
    public void WouldRun(RouteReason reason)
    {
        if (IsNew((int)reason + 2))
            Count(reason);
    }

    /// <summary>The query would have been refused.</summary>
    /// <returns>Whether that is told for the first time.</returns>
    public bool WouldRefuse(ViolationKind refusal, string attempt)
    {
        if (!IsNew((int)refusal))
            return false;

        _counts.Refused(refusal, attempt);
        RoutingMetrics.CountShadow(_request.FullName, refusal.ToString());
        return true;
    }

    /// <summary>A statement of the query failed.</summary>
    public void Failed() => _hasFailed = true;

    /// <summary>The query has answered. If a statement failed, somebody has made a result of the error: where that is the replica's, nobody would run the query again.</summary>
    public void Answered()
    {
        if (_hasFailed && IsNew(Swallowed))
            _counts.Swallowed();
    }

    /// <summary>The query left a connection open, which would have been closed when it ended.</summary>
    public void WouldClose()
    {
        if (IsNew(LeftOpen))
            _counts.LeftOpen();
    }

    /// <summary>The replica was asked whether it could have served the query; null if so.</summary>
    public void Asked(RouteReason? refusal)
    {
        _counts.Asked();
        if (refusal is { } reason)
            Count(reason);
    }

    /// <summary>The replica could not have been used at all.</summary>
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
