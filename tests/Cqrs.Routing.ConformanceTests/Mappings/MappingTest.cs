using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Mappings;

/// <summary>The base class of tests with a second routed context in the same databases. On the primary, keeper 1 has a newer name.</summary>
public abstract class MappingTest(DatabasePair pair) : Writes.WriteTest(pair)
{
    protected async Task<RoutedApp> StartMappingsAsync()
    {
        await CreateAsync();
        RoutedApp? app = null;
        app = Start(options => options.ConfigureServices = services => services.AddDbContext<MappingContext>(builder =>
            Pair.Use(builder, Pair.Primary).AddInterceptors(app!.Log).UseReplica(Pair.Replica)));
        return app;
    }

    protected MappingContext Direct(Server server) =>
        new((DbContextOptions<MappingContext>)Pair.Use(new DbContextOptionsBuilder<MappingContext>(), server == Server.Primary ? Pair.Primary : Pair.Replica).Options);

    protected static MappingContext MappingsOf(Handling handling) => handling.Services.GetRequiredService<MappingContext>();

    private async Task CreateAsync()
    {
        await using var db = Direct(Server.Primary);
        var script = db.GetService<IRelationalDatabaseCreator>().GenerateCreateScript();
        foreach (var kind in new[] { "TABLE", "INDEX", "SEQUENCE" })
            script = script.Replace($"CREATE {kind}", $"CREATE {kind} IF NOT EXISTS");
        await db.Database.ExecuteSqlRawAsync(script);
        await db.Animals.ExecuteDeleteAsync();
        await db.Database.ExecuteSqlRawAsync("""DELETE FROM "Cars" """);
        await db.Database.ExecuteSqlRawAsync("""DELETE FROM "Vehicles" """);
        await db.Keepers.ExecuteDeleteAsync();
        await db.Tickets.ExecuteDeleteAsync();
        db.Add(new Keeper
        {
            Id = 1,
            Name = DatabasePair.Replicated,
            Contact = new() { Phone = "1" },
            Badge = new() { Color = "red" },
            Animals = [new Cat { Id = 1, Name = "Tom" }, new Dog { Id = 2, Name = "Rex" }],
            Vehicles = [new Car { Id = 1, Plate = "A1", Seats = 2 }, new Vehicle { Id = 2, Plate = "B2" }],
        });
        await db.SaveChangesAsync();
        await Pair.ResetAsync();
        await db.Keepers.ExecuteUpdateAsync(set => set.SetProperty(keeper => keeper.Name, DatabasePair.Current));
    }
}
