using MediatR;
using MediatR.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>The routing behavior is the outermost behavior, whatever the order of registration.</summary>
[Trait("Case", "C212")]
public sealed class PipelineOrderTests
{
    private static readonly RouteDecision Replica = new(DatabaseRole.Replica, RouteReason.Query);

    public static TheoryData<string> Orders => ["RM", "MR", "RMR", "MRM", "RRMM", "MMRR", "ROM", "ORM", "OMR", "MOR", "MRO", "CMR", "RCM", "COMRRM"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Routing_is_registered_once_and_comes_first(string order)
    {
        var services = Register(order);
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        await using var scope = provider.CreateAsyncScope();

        var requests = scope.ServiceProvider.GetServices<IPipelineBehavior<Read, object?>>().Select(behavior => behavior.GetType().Name).ToList();
        var streams = scope.ServiceProvider.GetServices<IStreamPipelineBehavior<ReadStream, object>>().Select(behavior => behavior.GetType().Name).ToList();

        requests.Count(name => name.StartsWith("RoutingBehavior", StringComparison.Ordinal)).ShouldBe(1);
        requests[0].ShouldStartWith("RoutingBehavior");
        streams.Count(name => name.StartsWith("StreamRoutingBehavior", StringComparison.Ordinal)).ShouldBe(1);
        streams[0].ShouldStartWith("StreamRoutingBehavior");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Every_behavior_and_the_handler_run_on_the_route_of_the_request(string order)
    {
        var services = Register(order);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await using var scope = provider.CreateAsyncScope();
        var seen = scope.ServiceProvider.GetRequiredService<Seen>();

        await scope.ServiceProvider.GetRequiredService<ISender>().Send(new Read(async handling => seen.Routes.Add(RouteScope.Current)));

        // The behaviors that were registered, the pre-processor and the handler.
        seen.Routes.Count.ShouldBe(order.Count(letter => letter is 'O' or 'C') + 2);
        seen.Routes.ShouldAllBe(route => route == Replica);
        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
    }

    [Fact]
    public async Task Conventions_of_several_calls_add_up()
    {
        var services = new ServiceCollection().AddLogging()
            .AddRoutingBehavior(options => options.TreatAsQuery(type => type == typeof(Neither)))
            .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
            .AddRoutingBehavior(options => options.AllowCommandsInQueries = true)
            .AddRoutingBehavior();
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await using var scope = provider.CreateAsyncScope();

        var route = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new Neither(async handling =>
        {
            await handling.Sender.Send(new Write(async _ => { }));
            return RouteScope.Current.Reason;
        }));

        // A query by the first call's convention, and allowed by the second to send a command.
        route.ShouldBe(RouteReason.Query);
    }

    /// <summary>R: AddRoutingBehavior, M: AddMediatR, O and C: an open and a closed behavior of the application.</summary>
    private static ServiceCollection Register(string order)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<Seen>();
        foreach (var letter in order)
        {
            _ = letter switch
            {
                'R' => services.AddRoutingBehavior(),
                'O' => services.AddTransient(typeof(IPipelineBehavior<,>), typeof(OpenBehavior<,>)),
                'C' => services.AddTransient<IPipelineBehavior<Read, object?>, OpenBehavior<Read, object?>>(),
                _ => services.AddMediatR(mediatr => mediatr
                    .RegisterServicesFromAssemblyContaining<RoutedApp>()
                    .AddRequestPreProcessor<PreProcessor>()
                    .AddOpenStreamBehavior(typeof(OpenStreamBehavior<,>))),
            };
        }

        return services;
    }

    private sealed class Seen
    {
        public List<RouteDecision> Routes { get; } = [];
    }

    private sealed class OpenBehavior<TRequest, TResponse>(Seen seen) : IPipelineBehavior<TRequest, TResponse>
        where TRequest : notnull
    {
        public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
        {
            seen.Routes.Add(RouteScope.Current);
            return next();
        }
    }

    private sealed class OpenStreamBehavior<TRequest, TResponse> : IStreamPipelineBehavior<TRequest, TResponse>
        where TRequest : notnull
    {
        public IAsyncEnumerable<TResponse> Handle(TRequest request, StreamHandlerDelegate<TResponse> next, CancellationToken cancellationToken) => next();
    }

    private sealed class PreProcessor(Seen seen) : IRequestPreProcessor<Read>
    {
        public Task Process(Read request, CancellationToken cancellationToken)
        {
            seen.Routes.Add(RouteScope.Current);
            return Task.CompletedTask;
        }
    }
}
