using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.PointQuery;

internal sealed class ChangeNoteHandler<TContext>(TContext db) : ICommandHandler<ChangeNote, Note>
    where TContext : NotesContext
{
    public async Task<Note> Handle(ChangeNote command, CancellationToken cancellationToken)
    {
        var note = await db.Notes.SingleAsync(note => note.Id == command.Id, cancellationToken);
        note.Text = note.Text == "changed" ? "changed back" : "changed";
        await db.SaveChangesAsync(cancellationToken);
        return note;
    }
}
