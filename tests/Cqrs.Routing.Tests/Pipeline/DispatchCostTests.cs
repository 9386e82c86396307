using Cqrs.Routing.Tests.Diagnostics;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Tests.Pipeline;

/// <summary>The bytes that routing allocates per request, compared with an empty behavior. Times are measured in <c>benchmarks</c>.</summary>
public sealed class DispatchCostTests : IDisposable
{
    // Debug builds make an object of every async method that runs: of the empty behavior's, and of none of this library's unless somebody waits.
#if DEBUG
    private const int Debug = -88;
#else
    private const int Debug = 0;
#endif
    private readonly ServiceProvider _empty = Build(static services => services.AddTransient(typeof(IPipelineBehavior<,>), typeof(EmptyBehavior<,>)));
    private readonly ServiceProvider _routed = Build(static services => services.AddRoutingBehavior());

    [Fact]
    public void A_query_allocates_a_frame_and_one_write_of_an_AsyncLocal_and_no_task_of_its_own() => More(new Query()).ShouldBe(56 + Debug);

    [Fact]
    public void A_command_allocates_no_more_than_a_query() => More(new Command()).ShouldBe(56 + Debug);

    [Fact]
    public void A_query_in_a_command_allocates_for_itself_and_for_the_command() => More(new CommandWithQuery()).ShouldBe(184 + (2 * Debug));

    [Fact]
    public void A_query_that_waits_allocates_what_the_empty_behavior_does_and_has_room_for_running_again() =>
        More(new WaitingQuery()).ShouldBe(152);

    public void Dispose()
    {
        _empty.Dispose();
        _routed.Dispose();
    }

    private static ServiceProvider Build(Action<IServiceCollection> addBehavior)
    {
        var services = new ServiceCollection().AddLogging().AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<DispatchCostTests>());
        addBehavior(services);
        return services.BuildServiceProvider();
    }

    private static Task SendAsync(IServiceScope scope, IRequest<string> request)
    {
        var answer = scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
        Handler.Waiting?.SetResult("");
        Handler.Waiting = null;
        return answer;
    }

    private long More(IRequest<string> request)
    {
        using var routed = _routed.CreateScope();
        using var empty = _empty.CreateScope();
        return Allocations.More(() => SendAsync(routed, request), () => SendAsync(empty, request));
    }

    private sealed record Query : IQuery<string>;

    private sealed record Command : ICommand<string>;

    private sealed record CommandWithQuery : ICommand<string>;

    private sealed record WaitingQuery : IQuery<string>;

    private sealed class Handler(ISender sender)
        : IQueryHandler<Query, string>, ICommandHandler<Command, string>, ICommandHandler<CommandWithQuery, string>, IQueryHandler<WaitingQuery, string>
    {
        public static TaskCompletionSource<string>? Waiting { get; set; }

        private static readonly Task<string> Answer = Task.FromResult("");

        public Task<string> Handle(Query query, CancellationToken cancellationToken) => Answer;

        public Task<string> Handle(Command command, CancellationToken cancellationToken) => Answer;

        public Task<string> Handle(CommandWithQuery command, CancellationToken cancellationToken) => sender.Send(new Query(), cancellationToken);

        public Task<string> Handle(WaitingQuery query, CancellationToken cancellationToken) => (Waiting = new()).Task;
    }
}
