using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

/// <summary>Reads a row that only the session itself writes, and one that all do.</summary>
internal sealed record ReadRows(int Own, int Shared) : IQuery<Reading>;

internal sealed class ReadRowsHandler(LoadContext db) : IQueryHandler<ReadRows, Reading>
{
    public Task<Reading> Handle(ReadRows query, CancellationToken cancellationToken) => db.Read(query.Own, query.Shared).SingleAsync(cancellationToken);
}
