using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>A stream, which is not run again after its first element.</summary>
internal sealed record StreamDocuments(int Count, TimeSpan PerDocument) : IStreamQuery<Document>;

internal sealed class StreamDocumentsHandler(LoadContext db) : IStreamQueryHandler<StreamDocuments, Document>
{
    public IAsyncEnumerable<Document> Handle(StreamDocuments query, CancellationToken cancellationToken) =>
        db.ReadSlowly(query.PerDocument).Take(query.Count).AsAsyncEnumerable();
}
