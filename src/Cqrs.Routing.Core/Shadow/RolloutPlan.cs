using System.Runtime.CompilerServices;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Shadow;

/// <summary>Holds one state of <see cref="RoutingRolloutOptions"/>. Immutable.</summary>
internal sealed class RolloutPlan
{
    // Scopes have a name and no request type, and which names there are is not known.
    private static readonly string[] ScopePrefixes = ["RouteScope.BeginQuery(", "RouteScope.BeginCommand(", "RouteScope.ForcePrimary("];

    private readonly int _percent;
    private readonly Dictionary<string, int> _requests;

    public RolloutPlan(RoutingRolloutOptions options)
    {
        _percent = options.Percent;
        _requests = new(options.Requests, StringComparer.OrdinalIgnoreCase);
        RoutesAll = _percent == 100 && _requests.Values.All(percent => percent == 100);
        RoutesNone = _percent == 0 && _requests.Values.All(percent => percent == 0);
    }

    /// <summary>Gets whether all requests are routed, so that nothing has to be decided.</summary>
    public bool RoutesAll { get; }

    /// <summary>Gets whether no request is routed. No request then reads from a replica, so reads are always monotonic.</summary>
    public bool RoutesNone { get; }

    /// <summary>Returns whether a request is routed. If only some are, its instance decides, so that sending it again has the same result.</summary>
    public bool Routes(RequestInfo request, object instance) => PercentOf(request) switch
    {
        <= 0 => false,
        >= 100 => true,
        var percent => (uint)RuntimeHelpers.GetHashCode(instance) % 100 < percent,
    };

    /// <summary>Returns the configured names that no request type has. Such an entry has no effect. Empty if there are no types to compare with.</summary>
    /// <param name="types">The request types that have handlers. Read only if names are configured.</param>
    public IReadOnlyList<string> FindUnknownNames(IEnumerable<Type> types)
    {
        if (_requests.Count == 0)
            return [];

        var known = new HashSet<string>(types.SelectMany(static type => new[] { TypeNames.Format(type), TypeNames.WithNamespace(type) }), StringComparer.OrdinalIgnoreCase);
        return known.Count == 0 ? [] : [.. _requests.Keys.Where(name => !known.Contains(name) && !Array.Exists(ScopePrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal)];
    }

    private int PercentOf(RequestInfo request) =>
        _requests.TryGetValue(request.FullName, out var percent) || _requests.TryGetValue(request.Name, out percent)
        || (request.Group is { } group && _requests.TryGetValue(group, out percent)) ? percent : _percent;
}
