namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>A <see cref="ShopContext"/> with mappings that it has not: nested JSON, shadow properties, the three ways of inheritance, keyless types.</summary>
public sealed class TrackingContext(DbContextOptions<TrackingContext> options) : ShopContext(options)
{
    /// <summary>The shadow property that guards a <see cref="Driver"/>.</summary>
    public const string Revision = nameof(Revision);

    public DbSet<Shipment> Shipments => Set<Shipment>();

    public DbSet<Truck> Trucks => Set<Truck>();

    public DbSet<Driver> Drivers => Set<Driver>();

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<Place> Places => Set<Place>();

    public DbSet<Document> Documents => Set<Document>();

    public DbSet<OrderTitle> Titles => Set<OrderTitle>();

    /// <summary>A function that returns a table.</summary>
    public IQueryable<Line> LinesOf(int orderId) => FromExpression(() => LinesOf(orderId));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Shipment>().OwnsMany(shipment => shipment.Parcels, parcel =>
        {
            parcel.ToJson();
            parcel.OwnsMany(parcel => parcel.Items);
        });
        modelBuilder.Entity<Truck>().OwnsMany(truck => truck.Stops, stop =>
        {
            // SQLite makes no keys of two columns.
            stop.Property<int>("Id");
            stop.HasKey("Id");
        });
        modelBuilder.Entity<Driver>().ComplexProperty(driver => driver.Badge);
        modelBuilder.Entity<Driver>().Property<int>(Revision).IsConcurrencyToken();
        modelBuilder.Entity<Driver>().Navigation(driver => driver.Truck).AutoInclude();
        modelBuilder.Entity<Payment>().HasDiscriminator<string>("Kind").HasValue<CardPayment>("card");
        modelBuilder.Entity<Place>().UseTptMappingStrategy();
        modelBuilder.Entity<Warehouse>().ToTable("Warehouses");
        modelBuilder.Entity<Document>().UseTpcMappingStrategy();
        modelBuilder.Entity<Invoice>().ToTable("Invoices");
        modelBuilder.Entity<OrderTitle>().HasNoKey().ToSqlQuery("""SELECT "Name" FROM "Orders" """);
        modelBuilder.HasDbFunction(typeof(TrackingContext).GetMethod(nameof(LinesOf))!).HasName("lines_of");
        if (Database.IsSqlServer())
            modelBuilder.Entity<Price>().ToTable(table => table.IsTemporal());
        foreach (var named in modelBuilder.Model.GetEntityTypes().Where(type => type.BaseType is null && type.ClrType.IsSubclassOf(typeof(Named))).ToList())
            modelBuilder.Entity(named.ClrType).Property(nameof(Named.Id)).ValueGeneratedNever();
    }
}
