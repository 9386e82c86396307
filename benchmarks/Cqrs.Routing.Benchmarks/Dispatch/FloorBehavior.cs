using MediatR;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>
/// The floor of ambient state: a behavior that knows its request's type and its scope, one frame, and one write of one <see cref="AsyncLocal{T}"/>. It decides nothing, and nothing
/// reads it.
/// </summary>
internal sealed class FloorBehavior<TRequest, TResponse>(FloorTraits<TRequest> traits, IServiceProvider services) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        FloorFrame.Current.Value = new(traits, services);
        return await next().ConfigureAwait(false);
    }
}
