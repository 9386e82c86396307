using Cqrs.Routing.Benchmarks.PointQuery;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.Growth;

internal sealed class TrackManyHandler(NotesContext db) : IQueryHandler<TrackMany, string>
{
    public async Task<string> Handle(TrackMany query, CancellationToken cancellationToken)
    {
        await db.Notes.FromSql(
            $"""
             WITH RECURSIVE "Numbers"("Id") AS (SELECT 1 UNION ALL SELECT "Id" + 1 FROM "Numbers" WHERE "Id" < {query.Rows})
             SELECT "Id", 'text' AS "Text" FROM "Numbers"
             """).LoadAsync(cancellationToken);
        return "";
    }
}
