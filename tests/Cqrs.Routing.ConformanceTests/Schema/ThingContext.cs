namespace Cqrs.Routing.ConformanceTests.Schema;

/// <summary>A context with a migration.</summary>
public sealed class ThingContext(DbContextOptions<ThingContext> options) : DbContext(options)
{
    public DbSet<Thing> Things => Set<Thing>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Thing>().HasData(new Thing { Id = 1, Name = "from the model" });
}
