using Cqrs.Routing.ConformanceTests.Writes;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.ConformanceTests.Schema;

/// <summary>Group H: a query cannot change the schema and may ask about it.</summary>
public abstract class SchemaTests(DatabasePair pair) : WriteTest(pair)
{
    public static TheoryData<string> Changes => [.. Attempts.Keys];

    private static Dictionary<string, Func<ShopContext, Task>> Attempts { get; } = new()
    {
        ["Migrate"] = Sync(db => db.Database.Migrate()),
        ["MigrateAsync"] = db => db.Database.MigrateAsync(),
        ["IMigrator"] = db => db.GetService<IMigrator>().MigrateAsync("0"),
        ["EnsureCreated"] = Sync(db => db.Database.EnsureCreated()),
        ["EnsureCreatedAsync"] = db => db.Database.EnsureCreatedAsync(),
        ["EnsureDeleted"] = Sync(db => db.Database.EnsureDeleted()),
        ["EnsureDeletedAsync"] = db => db.Database.EnsureDeletedAsync(),
        ["CreateTables"] = Sync(db => Creator(db).CreateTables()),
        ["CreateTablesAsync"] = db => Creator(db).CreateTablesAsync(),
        ["Create"] = Sync(db => Creator(db).Create()),
        ["CreateAsync"] = db => Creator(db).CreateAsync(),
        ["Delete"] = Sync(db => Creator(db).Delete()),
        ["DeleteAsync"] = db => Creator(db).DeleteAsync(),
        ["IRelationalDatabaseCreator.CreateTables"] = Sync(db => db.GetService<IRelationalDatabaseCreator>().CreateTables()),
        ["IRelationalDatabaseCreator.Create"] = Sync(db => db.GetService<IRelationalDatabaseCreator>().Create()),
        ["IRelationalDatabaseCreator.Delete"] = Sync(db => db.GetService<IRelationalDatabaseCreator>().Delete()),
        ["IRelationalDatabaseCreator.EnsureDeletedAsync"] = db => db.GetService<IRelationalDatabaseCreator>().EnsureDeletedAsync(),
    };

    [Theory]
    [Trait("Case", "C193")]
    [Trait("Case", "C194")]
    [Trait("Case", "C196")]
    [MemberData(nameof(Changes))]
    public async Task A_change_of_the_schema_is_refused_in_a_query(string attempt)
    {
        await using var app = Start();

        await RefusedAsync(app, handling => Attempts[attempt](handling.Db));
    }

    [Fact]
    [Trait("Case", "C194")]
    public async Task Creating_what_exists_is_no_write_in_a_command_and_asks_the_primary_only()
    {
        await using var app = Start();

        await app.SendAsync(new WriteNothingBack(async handling => (await handling.Db.Database.EnsureCreatedAsync()).ShouldBeFalse()));

        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Case", "C197")]
    public async Task A_query_may_ask_about_its_database()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            (await handling.Db.Database.CanConnectAsync()).ShouldBeTrue();
            handling.Db.Database.CanConnect().ShouldBeTrue();
            (await handling.Db.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
            (await handling.Db.Database.GetAppliedMigrationsAsync()).ShouldBeEmpty();
            handling.Db.Database.HasPendingModelChanges();
            handling.Db.Database.GenerateCreateScript().ShouldContain("Orders");
            (await Creator(handling.Db).ExistsAsync()).ShouldBeTrue();
            (await Creator(handling.Db).HasTablesAsync()).ShouldBeTrue();
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
        }));

        await NothingWrittenAsync();
    }

    private static RelationalDatabaseCreator Creator(ShopContext db) => (RelationalDatabaseCreator)db.GetService<IDatabaseCreator>();

    private static Func<ShopContext, Task> Sync(Action<ShopContext> action) => async db =>
    {
        await Task.Yield();
        action(db);
    };

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : SchemaTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : SchemaTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
