namespace Cqrs.Routing.PackageTests.Notes;

public sealed record WriteInQuery : IQuery<int>
{
    internal sealed class Handler(NotesContext context) : IQueryHandler<WriteInQuery, int>
    {
        public Task<int> Handle(WriteInQuery request, CancellationToken cancellationToken)
        {
            context.Notes.Add(new Note { Text = "never" });
            return context.SaveChangesAsync(cancellationToken);
        }
    }
}
