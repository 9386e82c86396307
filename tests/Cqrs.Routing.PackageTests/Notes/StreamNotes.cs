using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.PackageTests.Notes;

public sealed record StreamNotes : IStreamQuery<string>
{
    internal sealed class Handler(NotesContext context) : IStreamQueryHandler<StreamNotes, string>
    {
        public IAsyncEnumerable<string> Handle(StreamNotes request, CancellationToken cancellationToken) =>
            context.Notes.OrderBy(note => note.Id).Select(note => note.Text).AsAsyncEnumerable();
    }
}
