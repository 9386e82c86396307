namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>What EF can map, in as few tables as possible. Two contexts have this model.</summary>
public abstract class MarketContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Product> Products => Set<Product>();

    public DbSet<Tag> Tags => Set<Tag>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<CompanyCustomer>();
        modelBuilder.Entity<Customer>(customer =>
        {
            customer.OwnsOne(c => c.Address);
            customer.ComplexProperty(c => c.Preferences);
            customer.OwnsOne(c => c.Profile, profile =>
            {
                profile.ToJson();
                profile.OwnsMany(p => p.Contacts, contact => contact.OwnsMany(c => c.Phones));
            });
            customer.HasMany(c => c.Tags).WithMany(t => t.Customers).UsingEntity(join => join.ToTable("CustomerTag"));
        });
        modelBuilder.Entity<Order>(order =>
        {
            order.Property(o => o.Version).IsConcurrencyToken();
            order.OwnsMany(o => o.Lines, line =>
            {
                line.ToTable("Lines");
                // SQLite makes up no part of a key.
                line.Property<int>("LineId");
                line.HasKey("LineId");
            });
            order.OwnsMany(o => o.Deliveries, delivery =>
            {
                delivery.ToJson();
                delivery.OwnsMany(d => d.Parcels);
            });
        });
        modelBuilder.Entity<Product>(product =>
        {
            product.ComplexProperty(p => p.Details, details => details.ToJson());
            product.Property<int>("Revision").IsConcurrencyToken();
            product.Ignore(p => p.KnownOrders);
        });
    }
}
