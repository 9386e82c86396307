using MediatR.Pipeline;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>MediatR puts the behavior that runs pre-processors ahead of all open behaviors.</summary>
public sealed class ReadingPreProcessor<TRequest>(ShopContext db, PipelineReads reads) : IRequestPreProcessor<TRequest>
    where TRequest : notnull
{
    public async Task Process(TRequest request, CancellationToken cancellationToken) =>
        reads.Seen.Add(("pre-processor", (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name));
}
