using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.PackageTests.Notes;

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}
