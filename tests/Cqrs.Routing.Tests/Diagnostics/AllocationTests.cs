using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>Diagnostics without a listener allocate nothing; a request allocates only its frame.</summary>
public sealed class AllocationTests
{
    private const int Times = 1000;

    [Fact]
    public void Counting_allocates_nothing() => Allocated(() =>
    {
        RoutingMetrics.Count("Request", typeof(AllocationTests), new(DatabaseRole.Replica, RouteReason.Query));
        RoutingMetrics.CountRefusal("Request", ViolationKind.Write);
        RoutingMetrics.CountShadow("Request", "Write");
        RoutingMetrics.CountCheck(RouteReason.NotCaughtUp, TimeSpan.FromSeconds(1));
        RoutingMetrics.CountFallback("Request", FallbackStage.Connection, RouteReason.ReplicaUnavailable);
    }).ShouldBe(0);

    [Fact]
    public void Beginning_a_span_allocates_nothing() =>
        Allocated(static () => RoutingActivity.Begin("query", "request", RouteDecision.Default).ShouldBeNull()).ShouldBe(0);

    [Fact]
    public async Task A_request_allocates_its_frame_only()
    {
        var services = new ServiceCollection().AddLogging().AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<AllocationTests>());
        await using var provider = services.AddRoutingBehavior().BuildServiceProvider();
        var runner = provider.GetRequiredService<RequestRunner<Query>>();
        var message = new Query();
        // Entering a frame costs what an AsyncLocal costs, with or without diagnostics; so it is left out of both.
        var frame = Allocated(() => new RouteFrame(runner.Info, scope: null).End());

        Allocated(() => runner.Router.Begin(runner.Info, message, provider).End()).ShouldBe(frame);
    }

    // The best of several tries: tiered compilation and the like allocate too, now and then.
    private static long Allocated(Action act)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var time = 0; time < Times; time++)
                act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private sealed record Query : IQuery<int>;

    private sealed class QueryHandler : IQueryHandler<Query, int>
    {
        public Task<int> Handle(Query query, CancellationToken cancellationToken) => Task.FromResult(0);
    }
}
