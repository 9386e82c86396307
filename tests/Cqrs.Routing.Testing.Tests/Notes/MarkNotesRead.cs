using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Testing.Tests.Notes;

/// <summary>A query that tries to write, and hides that it may not.</summary>
internal sealed record MarkNotesRead : IQuery<int>
{
    public sealed class Handler(NotesContext db) : IQueryHandler<MarkNotesRead, int>
    {
        public async Task<int> Handle(MarkNotesRead query, CancellationToken cancellationToken)
        {
            try
            {
                return await db.Notes.ExecuteUpdateAsync(notes => notes.SetProperty(note => note.Text, "read"), cancellationToken);
            }
            catch (QueryWriteException)
            {
                return 0;
            }
        }
    }
}
