using System.Runtime.CompilerServices;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Shadow;

/// <summary>One state of <see cref="RoutingRolloutOptions"/>. Immutable.</summary>
internal sealed class RolloutPlan
{
    private readonly int _percent;
    private readonly Dictionary<string, int> _requests;

    public RolloutPlan(RoutingRolloutOptions options)
    {
        _percent = options.Percent;
        _requests = new(options.Requests, StringComparer.OrdinalIgnoreCase);
        RoutesAll = _percent == 100 && _requests.Values.All(percent => percent == 100);
        RoutesNone = _percent == 0 && _requests.Values.All(percent => percent == 0);
    }

    /// <summary>No shadow mode: nothing has to be decided.</summary>
    public bool RoutesAll { get; }

    /// <summary>No request reads from a replica, so no session can see time go backwards.</summary>
    public bool RoutesNone { get; }

    /// <summary>Whether a request is routed. Its instance decides where only some are, so that sending it again changes nothing.</summary>
    public bool Routes(RequestInfo request, object instance) => PercentOf(request) switch
    {
        <= 0 => false,
        >= 100 => true,
        var percent => (uint)RuntimeHelpers.GetHashCode(instance) % 100 < percent,
    };

    private int PercentOf(RequestInfo request) =>
        _requests.TryGetValue(request.FullName, out var percent) || _requests.TryGetValue(request.Name, out percent) ? percent : _percent;
}
