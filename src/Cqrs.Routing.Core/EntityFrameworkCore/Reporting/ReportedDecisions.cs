using Cqrs.Routing.Scopes;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>
/// What was told of one context, by request: a request that opens its connection ten times went to one server, also if it sends another that uses the same
/// context in between. Thread safe as far as a context is: its notification handlers may run side by side.
/// </summary>
internal sealed class ReportedDecisions
{
    private readonly Lock _gate = new();
    private RouteFrame? _frame;
    private RouteDecision _decision;
    private List<(RouteFrame Frame, RouteDecision Decision)>? _outer;

    /// <summary>Whether this is to be told; then it counts as told.</summary>
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

    /// <summary>What was told last of a request; null if nothing.</summary>
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

    // Sets the last decision to that of the request, or to none.
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

    // A connection that this request opened itself stays where it is for the reason it was opened there.
    private static bool IsSame(RouteDecision decision, RouteDecision told) =>
        decision.Route == told.Route && (decision.Reason == told.Reason || decision.Reason == RouteReason.OpenConnection);
}
