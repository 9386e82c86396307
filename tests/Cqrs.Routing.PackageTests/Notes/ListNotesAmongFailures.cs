using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.PackageTests.Notes;

/// <summary>A query whose replica fails among its rows: the first handler has read already.</summary>
public sealed record ListNotesAmongFailures(int Failures) : IQuery<IReadOnlyList<string>>
{
    // Of the request, not of the handler: the second run has a handler of its own.
    private int _handlers;

    public int Handlers => _handlers;

    internal sealed class Handler(NotesContext context) : IQueryHandler<ListNotesAmongFailures, IReadOnlyList<string>>
    {
        private bool _used;

        public async Task<IReadOnlyList<string>> Handle(ListNotesAmongFailures request, CancellationToken cancellationToken)
        {
            if (_used)
                throw new InvalidOperationException("This handler has run before.");

            _used = true;
            var notes = await context.Notes.OrderBy(note => note.Id).Select(note => note.Text).ToListAsync(cancellationToken);
            return Interlocked.Increment(ref request._handlers) <= request.Failures ? throw new SqliteException("database is locked", 5) : notes;
        }
    }
}
