using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Schema;

/// <summary>Group H: migrations and seeds run on the primary and reach the replica by replication.</summary>
public abstract class MigrationTests(DatabasePair pair) : ConformanceTest(pair)
{
    private int _seeded;

    [Fact]
    [Trait("Case", "C193")]
    [Trait("Case", "C200")]
    public async Task Migrations_and_seeds_run_on_the_primary_outside_any_request()
    {
        await using var app = await StartAsync();

        await app.InScopeAsync(async scope => await ThingsOf(scope).Database.MigrateAsync());

        _seeded.ShouldBe(1);
        await OnPrimaryOnlyAsync(app);
    }

    [Fact]
    [Trait("Case", "C193")]
    [Trait("Case", "C200")]
    public async Task Migrations_and_seeds_run_on_the_primary_in_a_command()
    {
        await using var app = await StartAsync();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            await Task.Yield();
            ThingsOf(handling).Database.Migrate();
        }));

        _seeded.ShouldBe(1);
        await OnPrimaryOnlyAsync(app);
    }

    [Fact]
    [Trait("Case", "C193")]
    [Trait("Case", "C200")]
    public async Task Neither_migrations_nor_seeds_run_in_a_query()
    {
        await using var app = await StartAsync();

        await app.SendAsync(new Read(async handling =>
        {
            await Should.ThrowAsync<QueryWriteException>(() => ThingsOf(handling).Database.MigrateAsync());
            await Should.ThrowAsync<QueryWriteException>(() => ThingsOf(handling).Database.EnsureCreatedAsync());
        }));

        _seeded.ShouldBe(0);
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C197")]
    public async Task Pending_migrations_are_those_that_the_replica_lacks()
    {
        await using var app = await StartAsync();
        await app.InScopeAsync(async scope => await ThingsOf(scope).Database.MigrateAsync());
        app.Log.Clear();

        await app.SendAsync(new Read(async handling =>
            (await ThingsOf(handling).Database.GetPendingMigrationsAsync()).ShouldBe([FirstMigration.Name])));
        app.Log.OnPrimary.ShouldBeEmpty();
        app.Log.OnReplica.ShouldNotBeEmpty();

        await Pair.ReplicateAsync();
        await app.SendAsync(new Read(async handling => (await ThingsOf(handling).Database.GetPendingMigrationsAsync()).ShouldBeEmpty()));
        app.Log.OnPrimary.ShouldBeEmpty();
    }

    private static ThingContext ThingsOf(Handling handling) => handling.Services.GetRequiredService<ThingContext>();

    private async Task OnPrimaryOnlyAsync(RoutedApp app)
    {
        app.Log.OnReplica.ShouldBeEmpty();
        await using var primary = Direct(Server.Primary);
        (await primary.Things.Select(thing => thing.Name).Order().ToListAsync()).ShouldBe(["from the model", "from the seed"]);
        await using var replica = Direct(Server.Replica);
        (await replica.Database.GetAppliedMigrationsAsync()).ShouldBeEmpty();
    }

    private async Task<RoutedApp> StartAsync()
    {
        await using var primary = Direct(Server.Primary);
        await primary.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "Things"; DROP TABLE IF EXISTS "__EFMigrationsHistory" """);
        await Pair.ReplicateAsync();
        RoutedApp? app = null;
        app = Start(options => options.ConfigureServices = services => services.AddDbContext<ThingContext>(builder => Pair
            .Use(builder, Pair.Primary)
            .AddInterceptors(app!.Log)
            .UseReplica(Pair.Replica)
            // The model has no snapshot.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .UseSeeding((db, _) => Seed(db))
            .UseAsyncSeeding((db, _, _) =>
            {
                Seed(db);
                return Task.CompletedTask;
            })));
        return app;
    }

    private void Seed(DbContext db)
    {
        _seeded++;
        db.Set<Thing>().Count().ShouldBe(1);
        db.Add(new Thing { Id = 2, Name = "from the seed" });
        db.SaveChanges();
    }

    private ThingContext Direct(Server server) =>
        new((DbContextOptions<ThingContext>)Pair.Use(new DbContextOptionsBuilder<ThingContext>(), server == Server.Primary ? Pair.Primary : Pair.Replica).Options);

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : MigrationTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : MigrationTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
