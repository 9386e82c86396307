namespace Cqrs.Routing.Testing.Tests.Notes;

internal sealed record AddNote(string Text) : ICommand
{
    public sealed class Handler(NotesContext db) : ICommandHandler<AddNote>
    {
        public async Task Handle(AddNote command, CancellationToken cancellationToken)
        {
            db.Notes.Add(new() { Text = command.Text });
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
