using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Many rows, looked at while the server is still sending: an error then belongs to the stage 'handler'.</summary>
internal sealed record ReadDocuments(int Own, int Shared, TimeSpan PerDocument) : ChaosQuery(Own, Shared);

internal sealed class ReadDocumentsHandler(LoadContext db) : IQueryHandler<ReadDocuments, Answer>
{
    public async Task<Answer> Handle(ReadDocuments query, CancellationToken cancellationToken)
    {
        // Tracked, so that a second run has something to forget.
        var first = await db.Documents.AsNoTracking().SingleAsync(document => document.Id == 1, cancellationToken);
        var (count, idSum) = (0, 0);
        await foreach (var document in db.ReadSlowly(query.PerDocument).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            count++;
            idSum += document.Id;
        }

        return new([await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken)], first.Id == 1 ? Contents.Check(count, idSum) : "another document");
    }
}
