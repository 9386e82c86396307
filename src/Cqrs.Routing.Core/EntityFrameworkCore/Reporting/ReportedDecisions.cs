using Cqrs.Routing.Scopes;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>
/// The reported decisions of one context, by request. A request that opens its connection ten times is reported once, even if it sends another
/// request on the same context in between. Thread safe as far as a context is: its notification handlers may run in parallel.
/// </summary>
internal sealed class ReportedDecisions
{
    private readonly Lock _gate = new();
    private RouteFrame? _frame;
    private RouteDecision _decision;
    private List<(RouteFrame Frame, RouteDecision Decision)>? _outer;

    /// <summary>Returns whether this decision must be reported, and records it as reported.</summary>
    public bool TryAdd(RouteFrame frame, RouteDecision decision)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(frame, _frame))
                ComeTo(frame);
            if (_frame is not null && IsSame(decision, _decision))
                return false;

            (_frame, _decision) = (frame, decision);
            return true;
        }
    }

    /// <summary>Returns the decision that was last reported for a request; null if there is none.</summary>
    public RouteDecision? LastOf(RouteFrame frame)
    {
        lock (_gate)
        {
            if (ReferenceEquals(frame, _frame))
                return _decision;

            var index = IndexOf(frame);
            return index < 0 ? null : _outer![index].Decision;
        }
    }

    // Restores the last decision of the given request, or clears it if there is none.
    private void ComeTo(RouteFrame frame)
    {
        if (_frame is { Ended: false } other)
            (_outer ??= []).Add((other, _decision));
        _frame = null;
        for (var index = (_outer?.Count ?? 0) - 1; index >= 0; index--)
        {
            var told = _outer![index];
            if (ReferenceEquals(told.Frame, frame))
                (_frame, _decision) = told;
            if (told.Frame.Ended || ReferenceEquals(told.Frame, frame))
                _outer.RemoveAt(index);
        }
    }

    private int IndexOf(RouteFrame frame)
    {
        var index = (_outer?.Count ?? 0) - 1;
        while (index >= 0 && !ReferenceEquals(_outer![index].Frame, frame))
            index--;
        return index;
    }

    // A connection that this request opened itself stays on its server for the reason of that opening.
    private static bool IsSame(RouteDecision decision, RouteDecision told) =>
        decision.Route == told.Route && (decision.Reason == told.Reason || decision.Reason == RouteReason.OpenConnection);
}
