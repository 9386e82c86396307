namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>A second family of tables with a context of its own.</summary>
public sealed class CatalogContext(DbContextOptions<CatalogContext> options) : DbContext(options)
{
    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Tag>().Ignore(tag => tag.Orders);
}
