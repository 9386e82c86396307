using System.Collections.Concurrent;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing;

/// <summary>
/// Collects what routing would have done with the requests that ran in shadow mode (<see cref="RoutingRolloutOptions"/>). It lists the problems to fix before routing is
/// turned on.
/// </summary>
/// <remarks>
/// A singleton, registered by <c>AddRoutingBehavior</c> and <c>AddCqrsRoutingCore</c>; thread safe. It keeps numbers for at most <see cref="Capacity"/> request types, and no parameter values. If only
/// some requests are routed, a session's reads in shadow mode also count for its other requests. More of those are then stale than if all requests were routed.
/// </remarks>
public sealed class ShadowReport
{
    /// <summary>The number of request types that are counted separately. Further types are counted together.</summary>
    /// <value>1,000.</value>
    public const int Capacity = 1_000;

    private const int MaxProblems = 20;
    private const string Others = "(other requests)";

    private readonly ConcurrentDictionary<string, ShadowStatistics> _requests = new();
    private readonly ConcurrentDictionary<string, bool> _broken = new();
    private readonly ConcurrentDictionary<string, long> _outside = new();

    /// <summary>Gets a copy of the findings, ordered by the name of the request type.</summary>
    public IReadOnlyList<ShadowedRequest> Requests =>
        [.. _requests.Values.Select(counts => counts.Export()).Where(request => request.Runs > 0).OrderBy(request => request.Request, StringComparer.Ordinal)];

    /// <summary>Gets the replicas that could not have been used with their configuration.</summary>
    public IReadOnlyList<string> Problems => [.. _broken.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Gets how often each context type was used outside any request while shadow mode was on, by the type's name. Such code stays on the primary. Migrations and
    /// background work that writes belong there; reads can go to the replica in <c>RouteScope.BeginQuery("name")</c>.
    /// </summary>
    public IReadOnlyDictionary<string, long> OutsideRequests => new SortedDictionary<string, long>(_outside, StringComparer.Ordinal);

    /// <summary>Removes all findings.</summary>
    public void Clear()
    {
        _requests.Clear();
        _broken.Clear();
        _outside.Clear();
    }

    /// <summary>Returns the report as text: problems first, each with a solution, then the request types that are ready.</summary>
    /// <returns>The lines of the report.</returns>
    public override string ToString() => ShadowReportFormatter.Format(Requests, Problems, OutsideRequests);

    internal ShadowStatistics CountsOf(RequestInfo request) => CountsOf(request.FullName, request.Name, request.Kind);

    internal ShadowStatistics CountsOf(string request, string name, RequestKind kind)
    {
        if (_requests.TryGetValue(request, out var counts))
            return counts;
        return _requests.Count < Capacity
            ? _requests.GetOrAdd(request, static (request, known) => new(request, known.name, known.kind), (name, kind))
            : _requests.GetOrAdd(Others, static others => new(others, others, RequestKind.Unclassified));
    }

    internal void UsedOutsideRequests(string context) => _outside.AddOrUpdate(context, 1, static (_, uses) => uses + 1);

    internal void Broken(string problem)
    {
        if (_broken.Count < MaxProblems)
            _broken.TryAdd(problem, true);
    }
}
