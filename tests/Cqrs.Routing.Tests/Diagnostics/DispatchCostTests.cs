using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>What routing allocates for a request beside a behavior that does nothing. The times are measured in <c>benchmarks</c>; here, bytes fail a build.</summary>
public sealed class DispatchCostTests : IDisposable
{
    // Debug builds make an object of every async method that runs; this library has one per request, as the empty behavior has.
#if DEBUG
    private const int Debug = 16;
#else
    private const int Debug = 0;
#endif
    private readonly ServiceProvider _empty = Build(static services => services.AddTransient(typeof(IPipelineBehavior<,>), typeof(EmptyBehavior<,>)));
    private readonly ServiceProvider _routed = Build(static services => services.AddRoutingBehavior());

    [Fact]
    public void A_query_allocates_128_bytes_a_frame_and_one_write_of_an_AsyncLocal() => More(new Query()).ShouldBeInRange(1, 128 + Debug);

    [Fact]
    public void A_command_allocates_no_more() => More(new Command()).ShouldBeInRange(1, 128 + Debug);

    [Fact]
    public void A_query_in_a_command_allocates_what_it_is_in_as_well() => More(new CommandWithQuery()).ShouldBeInRange(1, 312 + (2 * Debug));

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

    private static long Of(ServiceProvider services, IRequest<string> request)
    {
        using var scope = services.CreateScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        return Allocations.Of(() => sender.Send(request));
    }

    private long More(IRequest<string> request) => Of(_routed, request) - Of(_empty, request);

    private sealed record Query : IQuery<string>;

    private sealed record Command : ICommand<string>;

    private sealed record CommandWithQuery : ICommand<string>;

    private sealed class Handler(ISender sender) : IQueryHandler<Query, string>, ICommandHandler<Command, string>, ICommandHandler<CommandWithQuery, string>
    {
        private static readonly Task<string> Answer = Task.FromResult("");

        public Task<string> Handle(Query query, CancellationToken cancellationToken) => Answer;

        public Task<string> Handle(Command command, CancellationToken cancellationToken) => Answer;

        public Task<string> Handle(CommandWithQuery command, CancellationToken cancellationToken) => sender.Send(new Query(), cancellationToken);
    }
}
