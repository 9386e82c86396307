using MediatR;

namespace Cqrs.Routing;

/// <summary>Applies the route of a stream request from the first element to the last. Outermost behavior of every stream.</summary>
internal sealed class StreamRoutingBehavior<TRequest, TResponse>(RequestRunner<TRequest> runner, IServiceProvider services) : IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public IAsyncEnumerable<TResponse> Handle(TRequest message, StreamHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        runner.StreamAsync<Continuation, TResponse>(message, services, new(next), cancellationToken);

    private readonly struct Continuation(StreamHandlerDelegate<TResponse> next) : IStreamContinuation<TResponse>
    {
        public IAsyncEnumerable<TResponse> Invoke(CancellationToken cancellationToken) => next();
    }
}
