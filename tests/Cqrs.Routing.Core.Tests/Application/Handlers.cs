using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Core.Tests.Application;

/// <summary>Answers <see cref="ListNotes"/>; counts how often it was made.</summary>
public sealed class ListNotesHandler(NotesContext db)
{
    public async Task<IReadOnlyList<string>> HandleAsync(CancellationToken cancellationToken) =>
        await db.Notes.AsNoTracking().OrderBy(note => note.Id).Select(note => note.Text).ToListAsync(cancellationToken);
}

/// <summary>Makes a handler for each run, as a mediator does.</summary>
public readonly struct NewHandler<TResponse>(IServiceProvider services, Func<ListNotesHandler, CancellationToken, Task<TResponse>> handle) : IRequestContinuation<TResponse>
{
    public static bool CreatesHandler => true;

    public Task<TResponse> InvokeAsync(CancellationToken cancellationToken) => handle(ActivatorUtilities.CreateInstance<ListNotesHandler>(services), cancellationToken);
}

/// <summary>Reads note by note.</summary>
public readonly struct NoteStream(NotesContext db) : IStreamContinuation<string>
{
    public IAsyncEnumerable<string> Invoke(CancellationToken cancellationToken) => db.Notes.AsNoTracking().OrderBy(note => note.Id).Select(note => note.Text).AsAsyncEnumerable();
}
