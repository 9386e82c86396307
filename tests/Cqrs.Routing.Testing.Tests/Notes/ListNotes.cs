using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Testing.Tests.Notes;

internal sealed record ListNotes : IQuery<string>
{
    public sealed class Handler(NotesContext db) : IQueryHandler<ListNotes, string>
    {
        public async Task<string> Handle(ListNotes query, CancellationToken cancellationToken) =>
            string.Join(' ', await db.Notes.OrderBy(note => note.Id).Select(note => note.Text).ToListAsync(cancellationToken));
    }
}
