using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Core.Tests.Application;

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}

public sealed class Note
{
    public int Id { get; set; }

    public required string Text { get; set; }
}
