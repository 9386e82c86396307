using MediatR;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>The floor of ambient state: one frame, and one write of one <see cref="AsyncLocal{T}"/>. Nothing reads it.</summary>
internal sealed class FloorBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        FloorFrame.Current.Value = new(request, this);
        return await next().ConfigureAwait(false);
    }
}
