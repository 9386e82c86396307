using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>A query that sends another one, in a scope of its own, for every few rows that it is reading.</summary>
internal sealed record ReadDetails(int Own, int Shared, TimeSpan PerDocument) : ChaosQuery(Own, Shared);

internal sealed class ReadDetailsHandler(LoadContext db, IServiceScopeFactory scopes) : IQueryHandler<ReadDetails, Answer>
{
    private const int RowsPerDetail = 12;

    public async Task<Answer> Handle(ReadDetails query, CancellationToken cancellationToken)
    {
        var readings = new List<Reading>();
        var (count, idSum) = (0, 0);
        await foreach (var document in db.ReadSlowly(query.PerDocument).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            idSum += document.Id;
            if (count++ % RowsPerDetail != 0)
                continue;

            await using var scope = scopes.CreateAsyncScope();
            readings.Add(await scope.ServiceProvider.GetRequiredService<ISender>().Send(new ReadRows(query.Own, query.Shared), cancellationToken));
        }

        return new(readings, Contents.Check(count, idSum));
    }
}
