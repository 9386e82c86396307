using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Cqrs.Routing.ConformanceTests.Tracking.Model;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>
/// Tests with a <see cref="TrackingContext"/> in the databases of the pair. Everything with a name is called <see cref="DatabasePair.Replicated"/> on the replica and
/// <see cref="DatabasePair.Current"/> on the primary, and line 1 is there 100 or 500 times.
/// </summary>
public abstract class TrackingTest(DatabasePair pair) : ConformanceTest(pair)
{
    private static readonly ConcurrentDictionary<string, bool> Created = new();

    /// <summary>A program in one scope, run with a replica that lags for as long as it runs.</summary>
    protected async Task<T> RunLaggingAsync<T>(Func<Caller, Task<T>> program, Action<DbContextOptionsBuilder>? configure = null)
    {
        await SeedAsync();
        await using var app = StartRouted(configure);
        return await RunAsync(app, program, lags: true);
    }

    /// <summary>The same program in one scope, without a replica and with one that does not lag: it answers and leaves behind the same.</summary>
    protected async Task ShouldBeAsInPlainEfAsync(string answer, Func<Caller, Task<string>> program, Action<DbContextOptionsBuilder>? configure = null)
    {
        var outcomes = new List<(string Answer, string Rows)>();
        foreach (var routed in new[] { false, true })
        {
            await SeedAsync();
            await Pair.ReplicateAsync();
            await using var app = routed ? StartRouted(configure) : StartPlain(configure);
            outcomes.Add((await RunAsync(app, program, lags: false), await ContentAsync()));
        }

        outcomes[0].Answer.ShouldBe(answer, "without a replica");
        outcomes[1].Answer.ShouldBe(answer, "with a replica");
        outcomes[1].Rows.ShouldBe(outcomes[0].Rows);
    }

    protected RoutedApp StartPlain(Action<DbContextOptionsBuilder>? configure = null) => StartWith(builder => configure?.Invoke(builder));

    protected RoutedApp StartRouted(Action<DbContextOptionsBuilder>? configure = null, Action<IServiceCollection>? services = null) => StartWith(
        builder =>
        {
            builder.UseReplica(Pair.Replica, replica =>
            {
                replica.AllowDifferentDatabaseName = Pair.ReplicaHasOtherName;
                replica.MonitorInterval = TimeSpan.Zero;
                // Where the server tells no position, a query would stay on the primary after a command and prove nothing.
                replica.RecentWriteWindow = TimeSpan.Zero;
                replica.MonotonicReads = false;
            });
            configure?.Invoke(builder);
        },
        services);

    /// <summary>A context without routing, straight on one server.</summary>
    protected TrackingContext Direct(Server server) =>
        new((DbContextOptions<TrackingContext>)Pair.Use(new DbContextOptionsBuilder<TrackingContext>(), server == Server.Primary ? Pair.Primary : Pair.Replica).Options);

    protected async Task SeedAsync()
    {
        await using var db = Direct(Server.Primary);
        await CreateAsync(db);
        await ClearAsync(db);
        await Pair.ResetAsync();
        AddRows(db);
        await db.SaveChangesAsync();
        await RenameAllAsync(db, DatabasePair.Replicated, quantity: 100);
        await Pair.ReplicateAsync();
        await RenameAllAsync(db, DatabasePair.Current, quantity: 500);
        await db.Notes.ExecuteDeleteAsync();
    }

    /// <summary>All rows of all tables on the primary.</summary>
    protected async Task<string> ContentAsync()
    {
        await using var db = Direct(Server.Primary);
        await using var connection = Pair.CreateConnection(Pair.Primary);
        await connection.OpenAsync();
        var content = new StringBuilder();
        foreach (var table in db.Model.GetRelationalModel().Tables.OrderBy(table => table.Name, StringComparer.Ordinal))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table.Name}\"";
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            var values = new object[reader.FieldCount];
            while (await reader.ReadAsync())
            {
                reader.GetValues(values);
                rows.Add(string.Join(' ', values));
            }

            content.Append(CultureInfo.InvariantCulture, $"{table.Name}: {string.Join(", ", rows.Order(StringComparer.Ordinal))}\n");
        }

        return content.ToString();
    }

    private RoutedApp StartWith(Action<DbContextOptionsBuilder> configure, Action<IServiceCollection>? configureServices = null) => Start(options =>
    {
        options.AddContexts = (services, log) =>
        {
            services.AddDbContext<TrackingContext>(builder => configure(Pair.Use(builder, Pair.Primary).AddInterceptors(log)));
            services.AddScoped<ShopContext>(provider => provider.GetRequiredService<TrackingContext>());
        };
        options.ConfigureServices = configureServices;
    });

    private async Task<T> RunAsync<T>(RoutedApp app, Func<Caller, Task<T>> program, bool lags)
    {
        T? answer = default;
        await app.InScopeAsync(async scope => answer = await program(new(scope, Pair, lags)));
        return answer!;
    }

    // What the context has more than the one that the pair's databases were made for.
    private async Task CreateAsync(TrackingContext db)
    {
        if (!Created.TryAdd(Pair.Primary, true))
            return;

        await using var shop = Pair.Direct(Server.Primary);
        var additions = db.GetService<IMigrationsModelDiffer>().GetDifferences(
            shop.GetService<IDesignTimeModel>().Model.GetRelationalModel(), db.GetService<IDesignTimeModel>().Model.GetRelationalModel());
        foreach (var command in db.GetService<IMigrationsSqlGenerator>().Generate(additions, db.GetService<IDesignTimeModel>().Model))
            await db.Database.ExecuteSqlRawAsync(command.CommandText);
        if (db.Database.IsNpgsql())
            await db.Database.ExecuteSqlRawAsync("""CREATE FUNCTION lines_of(id int) RETURNS SETOF "Lines" LANGUAGE sql STABLE AS 'SELECT * FROM "Lines" WHERE "OrderId" = id'""");
        if (db.Database.IsSqlServer())
            await db.Database.ExecuteSqlRawAsync("CREATE FUNCTION lines_of(@id int) RETURNS TABLE AS RETURN SELECT * FROM [Lines] WHERE [OrderId] = @id");
    }

    private static async Task ClearAsync(TrackingContext db)
    {
        db.RemoveRange(await NamedRows(db));
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    private static async Task RenameAllAsync(TrackingContext db, string name, int quantity)
    {
        foreach (var row in await NamedRows(db))
            row.Name = name;
        foreach (var parcel in db.Shipments.Local.SelectMany(shipment => shipment.Parcels))
            parcel.Code = name;
        foreach (var stop in db.Trucks.Local.SelectMany(truck => truck.Stops))
            stop.City = name;
        foreach (var driver in db.Drivers.Local)
            driver.Badge.Color = name;
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        await db.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, name).SetProperty(order => order.ShipTo!.City, name));
        await db.Lines.ExecuteUpdateAsync(set => set.SetProperty(line => line.Product, name).SetProperty(line => line.Quantity, quantity));
        await db.Tags.ExecuteUpdateAsync(set => set.SetProperty(tag => tag.Label, name));
        await db.Customers.ExecuteUpdateAsync(set => set.SetProperty(customer => customer.Email, name));
    }

    private static async Task<List<Named>> NamedRows(TrackingContext db) =>
    [
        .. await db.Drivers.ToListAsync(),
        .. await db.Trucks.ToListAsync(),
        .. await db.Shipments.ToListAsync(),
        .. await db.Payments.ToListAsync(),
        .. await db.Places.ToListAsync(),
        .. await db.Documents.ToListAsync(),
    ];

    private static void AddRows(TrackingContext db)
    {
        var driver = db.Add(new Driver
        {
            Id = 1,
            Name = "new",
            Badge = new() { Color = "new" },
            Truck = new() { Id = 1, Name = "new", Stops = [new() { City = "new" }, new() { City = "new" }] },
        });
        driver.Property(TrackingContext.Revision).CurrentValue = 7;
        foreach (var (index, stop) in driver.Entity.Truck!.Stops.Index())
            db.Entry(stop).Property("Id").CurrentValue = index + 1;
        db.AddRange(
            new Shipment { Id = 1, Name = "new", Parcels = [new() { Code = "new", Items = [new() { Product = "tea" }, new() { Product = "milk" }] }] },
            new CardPayment { Id = 1, Name = "new" },
            new Warehouse { Id = 1, Name = "new" },
            new Invoice { Id = 1, Name = "new" });
    }
}
