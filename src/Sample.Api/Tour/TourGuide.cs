using System.Runtime.CompilerServices;
using Sample.Api.Traces;
using Sample.Infrastructure.Replication;

namespace Sample.Api.Tour;

/// <summary>Takes the steps of the tour, each in a scope of its own, and watches what they do.</summary>
internal sealed class TourGuide(IServiceScopeFactory scopes, IReplication replication, RouteTraces traces, RouteLog log)
{
    /// <summary>Yields each step's result when the step is done.</summary>
    public async IAsyncEnumerable<TourResult> WalkAsync(bool inShadow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var canPause = (await replication.GetStatusAsync(cancellationToken)).CanPause;
        foreach (var step in inShadow ? new ShadowSteps(replication, canPause).All() : new TourSteps(replication, canPause).All())
            yield return await TakeAsync(step, cancellationToken);
    }

    private async Task<TourResult> TakeAsync(TourStep step, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var trace = traces.Begin();
        var asExpected = await step.ActAsync(scope.ServiceProvider, cancellationToken);
        log.Add("Tour", trace);
        return new(step, trace, asExpected);
    }
}
