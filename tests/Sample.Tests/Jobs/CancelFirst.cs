using MediatR;
using Sample.Application.Orders;

namespace Sample.Tests.Jobs;

/// <summary>A time-out of something that the first job calls: it looks like a cancellation, and is not the host's.</summary>
internal sealed class CancelFirst : IPipelineBehavior<GetOrder, OrderDetails?>
{
    private int _calls;

    public Task<OrderDetails?> Handle(GetOrder request, RequestHandlerDelegate<OrderDetails?> next, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _calls) == 1 ? throw new TaskCanceledException("on purpose") : next();
}
