using Cqrs.Routing.Load.Application;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Several contexts, each in a scope of its own, one after the other.</summary>
internal sealed record ReadInScopes(int Own, int Shared) : ChaosQuery(Own, Shared);

internal sealed class ReadInScopesHandler(LoadContext db, IServiceScopeFactory scopes) : IQueryHandler<ReadInScopes, Answer>
{
    public async Task<Answer> Handle(ReadInScopes query, CancellationToken cancellationToken)
    {
        var first = await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var second = await scope.ServiceProvider.GetRequiredService<LoadContext>().Read(query.Own, query.Shared).SingleAsync(cancellationToken);
        return new([first, second, await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken)]);
    }
}
