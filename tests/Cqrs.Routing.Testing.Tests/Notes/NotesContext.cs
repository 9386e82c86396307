using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Testing.Tests.Notes;

internal sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}
