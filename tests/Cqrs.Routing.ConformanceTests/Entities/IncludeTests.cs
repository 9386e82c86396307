using Cqrs.Routing.ConformanceTests.Mappings;

namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Group D: all parts of one query come from one server.</summary>
public abstract class IncludeTests(DatabasePair pair) : MappingTest(pair)
{
    [Theory]
    [Trait("Case", "C145")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_parts_of_a_split_query_run_on_the_server_of_the_request(bool query)
    {
        await using var app = Start();

        await SendAsync(app, query, async handling =>
        {
            // Tags lead back to their orders, which needs the identities.
            var order = await handling.Db.Orders.AsSplitQuery().AsNoTrackingWithIdentityResolution()
                .Include(order => order.Lines)
                .Include(order => order.Tags).ThenInclude(tag => tag.Orders)
                .Include(order => order.Customer)
                .SingleAsync();
            order.Name.ShouldBe(query ? DatabasePair.Replicated : DatabasePair.Current);
            (order.Lines.Count, order.Tags.Count, order.Customer!.Id).ShouldBe((2, 1, 1));
        });

        app.Log.Counts.ShouldBe(query ? (0, 4) : (4, 0));
    }

    [Theory]
    [Trait("Case", "C145")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Filtered_includes_over_hierarchies_run_on_the_server_of_the_request(bool query)
    {
        await using var app = await StartMappingsAsync();

        await SendAsync(app, query, async handling =>
        {
            var keeper = await MappingsOf(handling).Keepers.AsSplitQuery().AsNoTracking()
                .Include(keeper => keeper.Animals.Where(animal => animal is Cat).OrderBy(animal => animal.Name).Take(1))
                .Include(keeper => keeper.Vehicles)
                .SingleAsync();
            keeper.Name.ShouldBe(query ? DatabasePair.Replicated : DatabasePair.Current);
            keeper.Animals.Single().ShouldBeOfType<Cat>().Name.ShouldBe("Tom");
            keeper.Vehicles.OfType<Car>().Single().Seats.ShouldBe(2);
        });

        app.Log.Counts.ShouldBe(query ? (0, 3) : (3, 0));
    }

    [Theory]
    [Trait("Case", "C145")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parents_of_hierarchies_run_on_the_server_of_the_request(bool query)
    {
        await using var app = await StartMappingsAsync();

        await SendAsync(app, query, async handling =>
        {
            (await MappingsOf(handling).Set<Cat>().AsNoTracking().Include(cat => cat.Keeper).SingleAsync()).Keeper!.Name.ShouldBe(query ? DatabasePair.Replicated : DatabasePair.Current);
            (await MappingsOf(handling).Set<Car>().AsNoTracking().SingleAsync()).Plate.ShouldBe("A1");
        });

        app.Log.Counts.ShouldBe(query ? (0, 2) : (2, 0));
    }

    [Fact]
    [Trait("Case", "C144")]
    public async Task One_query_over_the_sets_of_two_contexts_is_EFs_own_error()
    {
        await using var app = await StartMappingsAsync();

        await app.SendAsync(new Read(async handling =>
        {
            var keepers = MappingsOf(handling).Keepers;
            var error = await Should.ThrowAsync<InvalidOperationException>(() =>
                handling.Db.Orders.Where(order => keepers.Any(keeper => keeper.Name == order.Name)).ToListAsync());
            error.Message.ShouldContain("multiple context instances");
        }));

        app.Log.Counts.ShouldBe((0, 0));
    }

    private static Task SendAsync(RoutedApp app, bool query, Func<Handling, Task> body) =>
        query ? app.SendAsync(new Read(body)) : app.SendAsync(new Write(body));

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : IncludeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : IncludeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
