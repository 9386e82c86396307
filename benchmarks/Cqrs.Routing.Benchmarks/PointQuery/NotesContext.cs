using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.PointQuery;

internal class NotesContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Note>().Property(note => note.Id).ValueGeneratedNever();
}
