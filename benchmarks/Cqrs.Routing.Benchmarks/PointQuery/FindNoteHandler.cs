using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.PointQuery;

internal sealed class FindNoteHandler<TContext>(TContext db) : IQueryHandler<FindNote, Note>
    where TContext : NotesContext
{
    public Task<Note> Handle(FindNote query, CancellationToken cancellationToken) => ReadAsync(db, cancellationToken);

    public static Task<Note> ReadAsync(TContext db, CancellationToken cancellationToken) =>
        db.Notes.AsNoTracking().SingleAsync(note => note.Id == FindNote.Id, cancellationToken);
}
