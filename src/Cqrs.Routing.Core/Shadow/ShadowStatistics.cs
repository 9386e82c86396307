using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Shadow;

/// <summary>Holds the numbers that shadow mode counted for one request type. Thread safe.</summary>
internal sealed class ShadowStatistics(string request, string name, RequestKind kind)
{
    /// <summary>The number of different attempts that are kept as examples. A handler has few, but the text of its commands may differ each time.</summary>
    private const int MaxAttempts = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<RouteReason, long> _outcomes = [];
    private readonly List<string> _writes = [];
    private readonly List<string> _commands = [];
    private long _runs;
    private long _asked;
    private long _writing;
    private long _sending;
    private long _leftOpen;
    private long _swallowed;

    public void Ran()
    {
        lock (_gate)
            _runs++;
    }

    public void WouldRun(RouteReason reason)
    {
        lock (_gate)
            _outcomes[reason] = _outcomes.GetValueOrDefault(reason) + 1;
    }

    public void Asked()
    {
        lock (_gate)
            _asked++;
    }

    public void LeftOpen()
    {
        lock (_gate)
            _leftOpen++;
    }

    public void Swallowed()
    {
        lock (_gate)
            _swallowed++;
    }

    public void Refused(ViolationKind refusal, string attempt)
    {
        lock (_gate)
        {
            if (refusal == ViolationKind.Write)
                _writing++;
            else
                _sending++;
            var attempts = refusal == ViolationKind.Write ? _writes : _commands;
            if (attempts.Count < MaxAttempts && !attempts.Contains(attempt))
                attempts.Add(attempt);
        }
    }

    public ShadowedRequest Export()
    {
        lock (_gate)
        {
            return new(request, name, kind == RequestKind.Query, _runs)
            {
                Outcomes = new Dictionary<RouteReason, long>(_outcomes),
                Sampled = _asked,
                Writes = _writing,
                WriteAttempts = [.. _writes],
                Commands = _sending,
                SentCommands = [.. _commands],
                LeftOpen = _leftOpen,
                SwallowedErrors = _swallowed,
            };
        }
    }
}
