namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>Mappings that <see cref="ShopContext"/> has not: hierarchies, JSON, complex values, a function, keys from a sequence.</summary>
public sealed class MappingContext(DbContextOptions<MappingContext> options) : DbContext(options)
{
    public DbSet<Animal> Animals => Set<Animal>();

    public DbSet<Vehicle> Vehicles => Set<Vehicle>();

    public DbSet<Keeper> Keepers => Set<Keeper>();

    public DbSet<Ticket> Tickets => Set<Ticket>();

    /// <summary>Writes a row, and looks like a read to EF.</summary>
    public static int SellTicket() => throw new NotSupportedException("Runs in the database.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Animal>().HasDiscriminator<string>("Kind").HasValue<Cat>("cat").HasValue<Dog>("dog");
        modelBuilder.Entity<Vehicle>().UseTptMappingStrategy();
        modelBuilder.Entity<Car>().ToTable("Cars");
        modelBuilder.Entity<Keeper>().OwnsOne(keeper => keeper.Contact, contact => contact.ToJson());
        modelBuilder.Entity<Keeper>().ComplexProperty(keeper => keeper.Badge);
        modelBuilder.HasDbFunction(typeof(MappingContext).GetMethod(nameof(SellTicket))!).HasName("sell_ticket");
        if (Database.IsNpgsql())
            NpgsqlPropertyBuilderExtensions.UseHiLo(modelBuilder.Entity<Ticket>().Property(ticket => ticket.Id), "ticket_numbers");
    }
}
