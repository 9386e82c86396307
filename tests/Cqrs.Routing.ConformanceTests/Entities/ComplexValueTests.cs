using Cqrs.Routing.ConformanceTests.Mappings;

namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>The change tracker treats complex and JSON values as plain EF does.</summary>
public abstract class ComplexValueTests(DatabasePair pair) : MappingTest(pair)
{
    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_complex_value_that_the_caller_changed_is_saved_after_a_command(bool detectsChanges) =>
        await SavedAsync(detectsChanges, keeper => keeper.Badge.Color = "blue", keeper => keeper.Badge.Color.ShouldBe("blue"));

    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_JSON_value_that_the_caller_changed_is_saved_after_a_command(bool detectsChanges) =>
        await SavedAsync(detectsChanges, keeper => keeper.Contact!.Phone = "2", keeper => keeper.Contact!.Phone.ShouldBe("2"));

    [Theory]
    [Trait("Case", "C157")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_JSON_value_that_the_caller_replaced_is_saved_after_a_command(bool detectsChanges) =>
        await SavedAsync(detectsChanges, keeper => keeper.Contact = new() { Phone = "2" }, keeper => keeper.Contact!.Phone.ShouldBe("2"));

    private async Task SavedAsync(bool detectsChanges, Action<Keeper> change, Action<Keeper> check)
    {
        await using var app = await StartMappingsAsync();

        await app.InScopeAsync(async scope =>
        {
            var mappings = MappingsOf(scope);
            mappings.ChangeTracker.AutoDetectChangesEnabled = detectsChanges;
            var keeper = (Keeper)(await scope.Sender.Send(new Read(async handling => await MappingsOf(handling).Keepers.Include(keeper => keeper.Animals).SingleAsync())))!;
            keeper.Name.ShouldBe(DatabasePair.Current);
            change(keeper);
            await scope.Sender.Send(new WriteNothingBack(async handling => await MappingsOf(handling).Vehicles.CountAsync()));
            mappings.ChangeTracker.DetectChanges();
            (await mappings.SaveChangesAsync()).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((3, 0));
        await using var primary = Direct(Server.Primary);
        var saved = await primary.Keepers.SingleAsync();
        saved.Name.ShouldBe(DatabasePair.Current);
        check(saved);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ComplexValueTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ComplexValueTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
