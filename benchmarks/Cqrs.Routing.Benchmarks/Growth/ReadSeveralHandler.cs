using Cqrs.Routing.Benchmarks.PointQuery;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Benchmarks.Growth;

internal sealed class ReadSeveralHandler(IServiceProvider services) : IQueryHandler<ReadSeveral, string>
{
    public async Task<string> Handle(ReadSeveral query, CancellationToken cancellationToken)
    {
        var scopes = new List<AsyncServiceScope>();
        for (var context = 0; context < query.Contexts; context++)
        {
            scopes.Add(services.CreateAsyncScope());
            var db = scopes[^1].ServiceProvider.GetRequiredService<NotesContext>();
            await db.Notes.AsNoTracking().SingleAsync(note => note.Id == FindNote.Id, cancellationToken);
        }

        foreach (var scope in scopes)
            await scope.DisposeAsync();
        return "";
    }
}
