using Cqrs.Routing;
using Sample.Api.Traces;

namespace Sample.Api.Tour;

/// <summary>One thing that the tour does, and how it must be routed.</summary>
/// <param name="Shows">What it shows, for people.</param>
/// <param name="Routes">The requests in the order in which they are sent, with the server and the reason of each.</param>
/// <param name="ActAsync">Does it, in a scope of its own, and says whether the data was as expected.</param>
internal sealed record TourStep(
    string Shows, IReadOnlyList<RouteStep> Routes, Func<IServiceProvider, CancellationToken, Task<bool>> ActAsync)
{
    /// <summary>The servers that execute database commands; the others execute none. By default those of <see cref="Routes"/>.</summary>
    public IReadOnlySet<DatabaseRole> Servers { get; init; } = Routes.Select(step => step.Route).ToHashSet();
}
