using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

/// <summary>Reads a row as an entity that is tracked, and so from the primary.</summary>
internal sealed record ReadRowTracked(int Id) : IQuery<Reading>;

internal sealed class ReadRowTrackedHandler(LoadContext db) : IQueryHandler<ReadRowTracked, Reading>
{
    public async Task<Reading> Handle(ReadRowTracked query, CancellationToken cancellationToken) =>
        new((await db.Rows.SingleAsync(row => row.Id == query.Id, cancellationToken)).Value, Shared: 0, OnReplica: false);
}
