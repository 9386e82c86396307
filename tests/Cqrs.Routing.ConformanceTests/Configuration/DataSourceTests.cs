using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>PostgreSQL: the configuration of a data source, such as an enum mapping, also applies to the replica.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DataSourceTests(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string CreatePaint =
        """
        DO $$ BEGIN CREATE TYPE color AS ENUM ('red', 'green'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        CREATE TABLE IF NOT EXISTS "Paints" ("Id" int PRIMARY KEY, "Color" color NOT NULL);
        DELETE FROM "Paints";
        INSERT INTO "Paints" VALUES (1, 'red');
        """;

    public enum Color
    {
        Red,
        Green,
    }

    [Fact]
    public async Task A_replica_data_source_with_an_enum_mapping_is_routed_to()
    {
        await ResetPaintsAsync();
        await using var primary = Source(Pair.Primary);
        await using var replica = Source(Pair.Replica);
        await using var app = StartWith(context => context.UseNpgsql(primary, Map).UseReplica(options => options.UseNpgsql(replica)));

        await ShouldReadColorsAsync(app);
    }

    [Fact]
    public async Task A_replica_string_takes_over_the_enum_mapping_of_the_options()
    {
        await ResetPaintsAsync();
        await using var app = StartWith(context => context.UseNpgsql(Pair.Primary, Map).UseReplica(Pair.Replica));

        await ShouldReadColorsAsync(app);
    }

    [Fact]
    public async Task A_replica_string_takes_over_the_data_source_configuration_of_the_options()
    {
        await ResetPaintsAsync();
        var built = 0;
        // Npgsql keeps one data source per connection string: another test's would be taken for this one's.
        await using var app = StartWith(context => context
            .UseNpgsql($"{Pair.Primary};Application Name=configured", npgsql => Map(npgsql.ConfigureDataSource(source => source.Name = $"source {Interlocked.Increment(ref built)}")))
            .UseReplica($"{Pair.Replica};Application Name=configured"));

        await ShouldReadColorsAsync(app);
        built.ShouldBe(2);
    }

    [Fact]
    public async Task A_primary_data_source_that_is_a_service_goes_with_a_replica_data_source()
    {
        await ResetPaintsAsync();
        await using var replica = Source(Pair.Replica);
        await using var app = StartWith(context => context.UseNpgsql(Map).UseReplica(options => options.UseNpgsql(replica)), Pair.Primary);

        await ShouldReadColorsAsync(app);
    }

    private static void Map(NpgsqlDbContextOptionsBuilder npgsql) => npgsql.MapEnum<Color>("color");

    private static NpgsqlDataSource Source(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.MapEnum<Color>("color");
        return builder.Build();
    }

    private static async Task ShouldReadColorsAsync(RoutedApp app)
    {
        async Task<object?> ColorAsync(Handling handling) =>
            (await handling.Services.GetRequiredService<PaintContext>().Paints.AsNoTracking().SingleAsync(paint => paint.Color == Color.Red || paint.Color == Color.Green)).Color;

        (await app.SendAsync(new Read(ColorAsync))).ShouldBe(Color.Red);
        (await app.SendAsync(new Write(ColorAsync))).ShouldBe(Color.Green);
        app.Log.Counts.ShouldBe((1, 1));
    }

    private RoutedApp StartWith(Action<DbContextOptionsBuilder> configure, string? sourceAsService = null) => RoutedApp.Start(Pair, options => options.AddContexts = (services, log) =>
    {
        if (sourceAsService is not null)
            services.AddSingleton(_ => Source(sourceAsService));
        services.AddDbContext<PaintContext>(context =>
        {
            configure(context);
            context.AddInterceptors(log);
        });
    });

    /// <summary>Red on the replica, repainted green on the primary since.</summary>
    private async Task ResetPaintsAsync()
    {
        await using var connection = Pair.CreateConnection(Pair.Primary);
        await connection.ExecuteAsync(CreatePaint);
        await Pair.ReplicateAsync();
        await connection.ExecuteAsync("""UPDATE "Paints" SET "Color" = 'green'""");
    }

    public sealed class Paint
    {
        public int Id { get; set; }

        public Color Color { get; set; }
    }

    public sealed class PaintContext(DbContextOptions<PaintContext> options) : DbContext(options)
    {
        public DbSet<Paint> Paints => Set<Paint>();
    }
}
