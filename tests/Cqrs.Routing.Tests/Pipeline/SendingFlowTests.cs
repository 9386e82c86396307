using System.Diagnostics;
using Cqrs.Routing.Sessions;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Tests.Pipeline;

/// <summary>A sender has its own ambient state back at once, whether the handler completes, waits or fails.</summary>
public sealed class SendingFlowTests : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServiceScope _scope;
    private int _sessions;

    public SendingFlowTests()
    {
        var services = new ServiceCollection().AddLogging().AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<SendingFlowTests>());
        services.AddScoped(provider =>
        {
            _sessions++;
            return new RoutingSession(provider.GetRequiredService<SessionServices>());
        });
        _services = services.AddRoutingBehavior().BuildServiceProvider();
        _scope = _services.CreateScope();
    }

    private ISender Sender => _scope.ServiceProvider.GetRequiredService<ISender>();

    [Fact]
    public async Task A_sender_has_its_own_route_back_before_it_awaits()
    {
        var waiting = new TaskCompletionSource<string>();

        var done = Send(() => Task.FromResult("done"));
        RouteScope.Current.ShouldBe(RouteDecision.Default);
        var waits = Send(() => waiting.Task);
        RouteScope.Current.ShouldBe(RouteDecision.Default);
        var throws = Send(() => throw new InvalidOperationException("thrown"));
        RouteScope.Current.ShouldBe(RouteDecision.Default);
        var fails = Send(() => Task.FromException<string>(new InvalidOperationException("failed")));
        RouteScope.Current.ShouldBe(RouteDecision.Default);

        waiting.SetResult("waited");
        (await done).ShouldBe("done");
        (await waits).ShouldBe("waited");
        (await throws.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("thrown");
        (await fails.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("failed");
    }

    [Fact]
    public async Task An_AsyncLocal_that_a_handler_sets_does_not_reach_the_sender()
    {
        var ambient = new AsyncLocal<string> { Value = "sender's" };

        await Send(() =>
        {
            ambient.Value = "handler's";
            return Task.FromResult("");
        });

        ambient.Value.ShouldBe("sender's");
    }

    [Fact]
    public async Task Work_that_a_handler_left_behind_is_outside_any_request_once_it_is_done()
    {
        var over = new TaskCompletionSource();
        Task<RouteDecision>? left = null;

        await Send(() =>
        {
            left = LookLaterAsync();
            return Task.FromResult("");
        });
        over.SetResult();

        (await left!).ShouldBe(RouteDecision.Default);

        async Task<RouteDecision> LookLaterAsync()
        {
            await over.Task;
            return RouteScope.Current;
        }
    }

    [Fact]
    public void A_flow_that_is_suppressed_is_routed_and_stays_suppressed()
    {
        DatabaseRole? route = null;
        using (ExecutionContext.SuppressFlow())
        {
            Send(() =>
            {
                route = RouteScope.Current.Route;
                return Task.FromResult("");
            }).IsCompletedSuccessfully.ShouldBeTrue();

            ExecutionContext.IsFlowSuppressed().ShouldBeTrue();
            RouteScope.Current.ShouldBe(RouteDecision.Default);
        }

        route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    public async Task The_span_of_a_sender_is_current_again_before_the_sender_awaits()
    {
        using var source = new ActivitySource(nameof(SendingFlowTests));
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var own = source.StartActivity("own");
        var waiting = new TaskCompletionSource<string>();

        var waits = Send(() => waiting.Task);

        Activity.Current.ShouldBe(own);
        waiting.SetResult("");
        await waits;
    }

    [Fact]
    public async Task A_query_that_asks_no_database_looks_up_no_session()
    {
        await Send(() => Task.FromResult(""));
        _sessions.ShouldBe(0);

        await Send(() => Task.FromResult($"{RouteScope.Current.Route}"));
        _sessions.ShouldBe(1);
    }

    [Fact]
    public async Task A_query_reads_from_the_primary_if_its_session_was_pinned_before_it_asks()
    {
        (await Send(() =>
        {
            _scope.ServiceProvider.GetRequiredService<RoutingSession>().PinToPrimary();
            return Task.FromResult($"{RouteScope.Current}");
        })).ShouldBe($"{new RouteDecision(DatabaseRole.Primary, RouteReason.RecentWrite)}");
    }

    [Fact]
    public async Task A_query_that_outlives_its_scope_reads_from_the_primary_as_nobody_knows_what_its_session_wrote()
    {
        var over = new TaskCompletionSource();
        var answer = Send(async () =>
        {
            await over.Task;
            RoutingSession.Current.ShouldBeNull();
            return $"{RouteScope.Current}";
        });

        _scope.Dispose();
        over.SetResult();

        (await answer).ShouldBe($"{new RouteDecision(DatabaseRole.Primary, RouteReason.PositionUnknown)}");
    }

    public void Dispose()
    {
        _scope.Dispose();
        _services.Dispose();
    }

    private Task<string> Send(Func<Task<string>> handle) => Sender.Send(new Ask(handle));

    private sealed record Ask(Func<Task<string>> Handle) : IQuery<string>;

    private sealed class AskHandler : IQueryHandler<Ask, string>
    {
        public Task<string> Handle(Ask query, CancellationToken cancellationToken) => query.Handle();
    }
}
