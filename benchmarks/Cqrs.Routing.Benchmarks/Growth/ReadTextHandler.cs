using Cqrs.Routing.Benchmarks.PointQuery;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.Growth;

internal sealed class ReadTextHandler(NotesContext db) : IQueryHandler<ReadText, string>
{
    public async Task<string> Handle(ReadText query, CancellationToken cancellationToken)
    {
        // A new string each time: the guard reads a text once.
        await db.Database.ExecuteSqlRawAsync(query.Sql(), cancellationToken);
        return "";
    }
}
