using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.TestKit.Model;

public class ShopContext : DbContext
{
    public ShopContext(DbContextOptions<ShopContext> options)
        : base(options)
    {
    }

    protected ShopContext(DbContextOptions options)
        : base(options)
    {
    }

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Line> Lines => Set<Line>();

    public DbSet<Tag> Tags => Set<Tag>();

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // Identity columns take no keys from a test; sequences do.
        if (Database.IsSqlServer())
            SqlServerModelBuilderExtensions.UseKeySequences(modelBuilder);
        modelBuilder.Entity<Order>().OwnsOne(order => order.ShipTo);
        modelBuilder.Entity<Order>().Property(order => order.Version).IsConcurrencyToken();
        modelBuilder.Entity<Customer>().HasIndex(customer => customer.Email).IsUnique();
    }
}
