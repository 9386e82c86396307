using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.DocsTests.Prelude;

/// <summary>The context that snippets speak of.</summary>
public sealed class AppDbContext(DbContextOptions<AppDbContext> options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Order> Orders => Set<Order>();
}
