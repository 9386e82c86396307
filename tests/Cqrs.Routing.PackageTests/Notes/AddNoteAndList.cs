using MediatR;

namespace Cqrs.Routing.PackageTests.Notes;

public sealed record AddNoteAndList(string Text) : ICommand<IReadOnlyList<string>>
{
    internal sealed class Handler(NotesContext context, ISender sender) : ICommandHandler<AddNoteAndList, IReadOnlyList<string>>
    {
        public async Task<IReadOnlyList<string>> Handle(AddNoteAndList request, CancellationToken cancellationToken)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            context.Notes.Add(new Note { Text = request.Text });
            await context.SaveChangesAsync(cancellationToken);
            var notes = await sender.Send(new ListNotes(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return notes;
        }
    }
}
