using Cqrs.Routing.Load.Application;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Soak;

/// <summary>A report that reads each of its parts with a context of its own.</summary>
/// <returns>By how many bytes the heap had grown when all were read and none was in use.</returns>
internal sealed record ReadWithManyContexts(int Contexts) : IQuery<long>;

internal sealed class ReadWithManyContextsHandler(IServiceProvider services) : IQueryHandler<ReadWithManyContexts, long>
{
    public async Task<long> Handle(ReadWithManyContexts query, CancellationToken cancellationToken)
    {
        // Only the application that sends it has a factory.
        var contexts = services.GetRequiredService<IDbContextFactory<LoadContext>>();
        var before = 0L;
        for (var number = 0; number < query.Contexts; number++)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Rows.AsNoTracking().CountAsync(cancellationToken);
            // What the first ones made is kept for all.
            if (number == query.Contexts / 10)
                before = GC.GetTotalMemory(forceFullCollection: true);
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
