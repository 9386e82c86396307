using MediatR;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>The least that an asynchronous behavior can do.</summary>
internal sealed class EmptyBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        await next().ConfigureAwait(false);
}
