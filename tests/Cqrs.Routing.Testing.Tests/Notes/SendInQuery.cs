using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Testing.Tests.Notes;

/// <summary>A query that reads, sends a command, hides that it may not, and reads again.</summary>
internal sealed record SendInQuery : IQuery<int>
{
    public sealed class Handler(NotesContext db, ISender sender) : IQueryHandler<SendInQuery, int>
    {
        public async Task<int> Handle(SendInQuery query, CancellationToken cancellationToken)
        {
            var before = await db.Notes.CountAsync(cancellationToken);
            try
            {
                await sender.Send(new AddNote("sent by a query"), cancellationToken);
            }
            catch (CommandInQueryException)
            {
                return before;
            }

            return await db.Notes.CountAsync(cancellationToken);
        }
    }
}
