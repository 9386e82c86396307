using MediatR;

namespace Cqrs.Routing;

/// <summary>Outermost behavior of every request: while it runs, the contexts that the request uses follow its route.</summary>
/// <remarks>No generic constraint: the container would drop the behavior silently for the requests that do not meet it.</remarks>
internal sealed class RoutingBehavior<TRequest, TResponse>(RequestRunner<TRequest> runner, IServiceProvider services) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest message, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        runner.RunAsync<Continuation, TResponse>(message, services, new(next), cancellationToken);

    private readonly struct Continuation(RequestHandlerDelegate<TResponse> next) : IRequestContinuation<TResponse>
    {
        // MediatR makes a new handler for every call of next.
        public static bool CreatesHandler => true;

        public Task<TResponse> InvokeAsync(CancellationToken cancellationToken) => NextDelegate.Invoke(next, cancellationToken);
    }
}
