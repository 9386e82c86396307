using MediatR;

namespace Cqrs.Routing;

/// <summary>Applies the route of a request to every context that the request uses. Outermost behavior of every request.</summary>
/// <remarks>Has no generic constraint. With one, the container would silently skip the behavior for requests that do not meet it.</remarks>
internal sealed class RoutingBehavior<TRequest, TResponse>(RequestRunner<TRequest> runner, IServiceProvider services) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest message, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        runner.RunAsync<Continuation, TResponse>(message, services, new(next), cancellationToken);

    private readonly struct Continuation(RequestHandlerDelegate<TResponse> next) : IRequestContinuation<TResponse>
    {
        // MediatR creates a new handler for each call of next.
        public static bool CreatesHandler => true;

        public Task<TResponse> InvokeAsync(CancellationToken cancellationToken) => NextDelegate.Invoke(next, cancellationToken);
    }
}
