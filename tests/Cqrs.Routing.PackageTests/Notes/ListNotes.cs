using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.PackageTests.Notes;

public sealed record ListNotes : IQuery<IReadOnlyList<string>>
{
    internal sealed class Handler(NotesContext context) : IQueryHandler<ListNotes, IReadOnlyList<string>>
    {
        public async Task<IReadOnlyList<string>> Handle(ListNotes request, CancellationToken cancellationToken) =>
            await context.Notes.OrderBy(note => note.Id).Select(note => note.Text).ToListAsync(cancellationToken);
    }
}
