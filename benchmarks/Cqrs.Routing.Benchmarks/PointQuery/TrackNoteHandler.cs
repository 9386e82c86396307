using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.PointQuery;

internal sealed class TrackNoteHandler<TContext>(TContext db) : IQueryHandler<TrackNote, Note>
    where TContext : NotesContext
{
    public Task<Note> Handle(TrackNote query, CancellationToken cancellationToken) => db.Notes.SingleAsync(note => note.Id == FindNote.Id, cancellationToken);
}
