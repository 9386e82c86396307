using MediatR;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Validation or authorization: reads through a context that was injected before the first behavior ran.</summary>
public sealed class ReadingBehavior<TRequest, TResponse>(ShopContext db, PipelineReads reads) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        reads.Seen.Add(("behavior before", (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name));
        var response = await next();
        reads.Seen.Add(("behavior after", (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name));
        return response;
    }
}
