using Cqrs.Routing.Load.Application;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Leaves a row, which may be old, in the change tracker of its scope, where a command comes next.</summary>
internal sealed record TrackRow(int Id) : IQuery<Row>;

internal sealed class TrackRowHandler(LoadContext db) : IQueryHandler<TrackRow, Row>
{
    public Task<Row> Handle(TrackRow query, CancellationToken cancellationToken) => db.Rows.SingleAsync(row => row.Id == query.Id, cancellationToken);
}
