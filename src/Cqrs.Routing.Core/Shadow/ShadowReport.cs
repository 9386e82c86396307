using System.Collections.Concurrent;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing;

/// <summary>What routing would have done with the requests that ran in shadow mode (<see cref="RoutingRolloutOptions"/>): a list of what to fix before going live.</summary>
/// <remarks>
/// A singleton, registered by <c>AddRoutingBehavior</c>; thread safe. Bounded: it keeps numbers for at most <see cref="Capacity"/> request types, and no values of
/// parameters. While some requests are routed and others are not, what a session saw in shadow mode counts for the others, so more of them are stale than
/// if all were routed.
/// </remarks>
public sealed class ShadowReport
{
    /// <summary>How many request types are told apart; what comes later is counted together.</summary>
    /// <value>1,000.</value>
    public const int Capacity = 1_000;

    private const int MaxProblems = 20;
    private const string Others = "(other requests)";

    private readonly ConcurrentDictionary<string, ShadowStatistics> _requests = new();
    private readonly ConcurrentDictionary<string, bool> _broken = new();

    /// <summary>What was found, by name of the request type. A copy.</summary>
    public IReadOnlyList<ShadowedRequest> Requests =>
        [.. _requests.Values.Select(counts => counts.Export()).Where(request => request.Runs > 0).OrderBy(request => request.Request, StringComparer.Ordinal)];

    /// <summary>Replicas that could not have been used as they are configured.</summary>
    public IReadOnlyList<string> Problems => [.. _broken.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _requests.Clear();
        _broken.Clear();
    }

    /// <summary>The report for people: problems first, each with a way out, then what is ready.</summary>
    /// <returns>Lines of text.</returns>
    public override string ToString() => ShadowReportFormatter.Format(Requests, Problems);

    internal ShadowStatistics CountsOf(RequestInfo request) => CountsOf(request.FullName, request.Name, request.Kind);

    internal ShadowStatistics CountsOf(string request, string name, RequestKind kind)
    {
        if (_requests.TryGetValue(request, out var counts))
            return counts;
        return _requests.Count < Capacity
            ? _requests.GetOrAdd(request, static (request, known) => new(request, known.name, known.kind), (name, kind))
            : _requests.GetOrAdd(Others, static others => new(others, others, RequestKind.Unclassified));
    }

    internal void Broken(string problem)
    {
        if (_broken.Count < MaxProblems)
            _broken.TryAdd(problem, true);
    }
}
