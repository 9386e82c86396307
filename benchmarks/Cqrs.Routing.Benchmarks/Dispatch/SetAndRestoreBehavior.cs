using MediatR;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>Ambient state as it is usually written by hand: set before, restored after.</summary>
internal sealed class SetAndRestoreBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var outer = FloorFrame.Current.Value;
        FloorFrame.Current.Value = new(request, this) { Outer = outer };
        try
        {
            return await next().ConfigureAwait(false);
        }
        finally
        {
            FloorFrame.Current.Value = outer;
        }
    }
}
