using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Several contexts at the same time, as a dashboard does it. A fault may hit all of them, or some.</summary>
internal sealed record ReadInParallel(int Own, int Shared, TimeSpan PerDocument) : ChaosQuery(Own, Shared);

internal sealed class ReadInParallelHandler(IServiceScopeFactory scopes) : IQueryHandler<ReadInParallel, Answer>
{
    public async Task<Answer> Handle(ReadInParallel query, CancellationToken cancellationToken)
    {
        var list = InScopeAsync(db => db.Accounts.AsNoTracking().ToListAsync(cancellationToken));
        var slow = InScopeAsync(db => db.ReadSlowly(query.PerDocument).Select(document => document.Id).ToListAsync(cancellationToken));
        var point = InScopeAsync(db => db.Read(query.Own, query.Shared).SingleAsync(cancellationToken));
        await Task.WhenAll(list, slow, point);
        return new([await point], Contents.Check(await list) ?? Contents.Check((await slow).Count, (await slow).Sum()));
    }

    private async Task<T> InScopeAsync<T>(Func<LoadContext, Task<T>> read)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<LoadContext>());
    }
}
