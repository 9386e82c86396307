using Cqrs.Routing.Benchmarks.Dispatch;
using Cqrs.Routing.Benchmarks.PointQuery;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Benchmarks.Growth;

internal sealed class NestHandler(ISender sender, IServiceProvider services) : IQueryHandler<Nest, string>
{
    public async Task<string> Handle(Nest query, CancellationToken cancellationToken)
    {
        if (query.Reads)
            await services.GetRequiredService<NotesContext>().Notes.AsNoTracking().SingleAsync(note => note.Id == FindNote.Id, cancellationToken);
        return query.Depth > 1 ? await sender.Send(query with { Depth = query.Depth - 1 }, cancellationToken) : await GetHandler.Answer;
    }
}
