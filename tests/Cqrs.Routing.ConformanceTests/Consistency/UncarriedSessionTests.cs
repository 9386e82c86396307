using Cqrs.Routing.ConformanceTests.Configuration;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>The library logs once that nothing carries the session from one scope to the next.</summary>
public abstract class UncarriedSessionTests(DatabasePair pair) : ConformanceTest(pair)
{
    private const string Said = "its session was not passed on";

    [Fact]
    public async Task A_command_and_a_query_in_scopes_of_their_own_are_logged_once()
    {
        var log = new LogLines();
        await using var app = Start(options => options.ConfigureServicesLater = log.AddTo);

        await app.SendAsync(ReadName);
        await app.SendAsync(Rename);
        log.All.ShouldNotContain(line => line.Contains(Said, StringComparison.Ordinal));
        await app.SendAsync(ReadName);
        await app.SendAsync(Rename);
        await app.SendAsync(ReadName);

        log.All.Count(line => line.Contains(Said, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_command_and_a_query_in_one_scope_are_not_logged()
    {
        var log = new LogLines();
        await using var app = Start(options => options.ConfigureServicesLater = log.AddTo);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename);
            await scope.Sender.Send(ReadName);
        });

        log.All.ShouldNotContain(line => line.Contains(Said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_and_a_query_in_begun_sessions_are_not_logged()
    {
        var log = new LogLines();
        await using var app = Start(options => options.ConfigureServicesLater = log.AddTo);

        foreach (var request in (MediatR.IRequest<object?>[])[Rename, ReadName])
        {
            await app.InScopeAsync(async scope =>
            {
                using var session = ((RoutingSession)scope.Services.GetService(typeof(RoutingSession))!).Begin();
                await scope.Sender.Send(request);
            });
        }

        log.All.ShouldNotContain(line => line.Contains(Said, StringComparison.Ordinal));
    }

    private static Read ReadName => new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    private static Write Rename => new(async handling => await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written")));

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : UncarriedSessionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : UncarriedSessionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
