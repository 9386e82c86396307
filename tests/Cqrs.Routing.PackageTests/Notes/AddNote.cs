namespace Cqrs.Routing.PackageTests.Notes;

public sealed record AddNote(string Text) : ICommand
{
    internal sealed class Handler(NotesContext context) : ICommandHandler<AddNote>
    {
        public async Task Handle(AddNote request, CancellationToken cancellationToken)
        {
            context.Notes.Add(new Note { Text = request.Text });
            await context.SaveChangesAsync(cancellationToken);
        }
    }
}
