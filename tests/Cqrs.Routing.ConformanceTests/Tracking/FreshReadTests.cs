using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Fault A11: reads that ask for the primary's rows get them, whatever a query tracked before.</summary>
public abstract class FreshReadTests(DatabasePair pair) : TrackingTest(pair)
{
    [Fact]
    [Trait("Fault", "A11")]
    public async Task ReadFromPrimary_returns_what_the_primary_has() =>
        await AnswersAsync(caller => caller.QueryOfPrimaryAsync(async db => (await db.Lines.SingleAsync(line => line.Id == 1)).Quantity));

    [Fact]
    [Trait("Fault", "A11")]
    public async Task ReadFromPrimary_finds_what_the_primary_has() =>
        await AnswersAsync(caller => caller.QueryOfPrimaryAsync(async db => (await db.Lines.FindAsync(1))!.Quantity));

    [Fact]
    [Trait("Fault", "A11")]
    public async Task MaxStaleness_returns_nothing_older_than_it_allows() =>
        await AnswersAsync(async caller => (int)(await caller.Scope.Sender.Send(new Recent(async handling => (await handling.Db.Lines.SingleAsync(line => line.Id == 1)).Quantity)))!);

    [Fact]
    [Trait("Fault", "A11")]
    public async Task ForcePrimary_around_a_query_returns_what_the_primary_has() => await AnswersAsync(async caller =>
    {
        using var forced = RouteScope.ForcePrimary();
        return await caller.QueryAsync(async db => (await db.Lines.SingleAsync(line => line.Id == 1)).Quantity);
    });

    [Fact]
    [Trait("Fault", "A11")]
    public async Task ForcePrimary_inside_the_query_returns_what_the_primary_has() => (await RunLaggingAsync(caller => caller.QueryAsync(async db =>
    {
        await db.Lines.ToListAsync();
        using var forced = RouteScope.ForcePrimary();
        return (await db.Lines.SingleAsync(line => line.Id == 1)).Quantity;
    }))).ShouldBe(500);

    private async Task AnswersAsync(Func<Caller, Task<int>> fresh)
    {
        await SeedAsync();
        await using var app = StartRouted(services: services => services.AddTransient<IRequestHandler<Recent, object?>, RecentHandler>());

        await app.InScopeAsync(async scope =>
        {
            var caller = new Caller(scope, Pair, lags: true);
            await caller.QueryAsync(db => db.Lines.ToListAsync());
            (await fresh(caller)).ShouldBe(500);
        });
    }

    [MaxStaleness(1)]
    private sealed record Recent(Func<Handling, Task<object?>> Body) : IQuery<object?>;

    private sealed class RecentHandler(IServiceProvider services) : IQueryHandler<Recent, object?>
    {
        public Task<object?> Handle(Recent query, CancellationToken cancellationToken) => query.Body(new(services, cancellationToken));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : FreshReadTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : FreshReadTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : FreshReadTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
