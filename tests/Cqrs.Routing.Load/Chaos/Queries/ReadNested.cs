using Cqrs.Routing.Load.Application;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>A query that sends queries, and reads before and after.</summary>
internal sealed record ReadNested(int Own, int Shared, TimeSpan PerDocument) : ChaosQuery(Own, Shared);

internal sealed class ReadNestedHandler(LoadContext db, ISender sender) : IQueryHandler<ReadNested, Answer>
{
    public async Task<Answer> Handle(ReadNested query, CancellationToken cancellationToken)
    {
        var before = await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken);
        var documents = await sender.Send(new ReadDocuments(query.Own, query.Shared, query.PerDocument), cancellationToken);
        var accounts = await sender.Send(new ListAccounts(query.Own, query.Shared), cancellationToken);
        var after = await db.Read(query.Own, query.Shared).SingleAsync(cancellationToken);
        return new([before, .. documents.Readings, .. accounts.Readings, after], documents.Wrong ?? accounts.Wrong);
    }
}
