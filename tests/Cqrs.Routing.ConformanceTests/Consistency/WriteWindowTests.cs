using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Group L on a database without positions: queries read the primary for a while after a write.</summary>
public sealed class WriteWindowTests(PairFixture<SqlitePair> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private static Read ReadName => new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    private static Write Rename => new(async handling =>
        await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written")));

    [Fact]
    [Trait("Case", "C228")]
    public async Task Within_the_window_a_session_reads_from_the_primary_and_still_cannot_write()
    {
        await using var app = StartWithClock(TimeSpan.FromSeconds(2));

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename);
            _clock.Advance(TimeSpan.FromSeconds(1.9));

            (await scope.Sender.Send(ReadName)).ShouldBe("written");
            await Should.ThrowAsync<QueryWriteException>(() => scope.Sender.Send(new Read(async handling => await handling.Db.Orders.ExecuteDeleteAsync())));
        });

        app.Routes.GetRecords<Read>().Where(record => record.Context is not null).ShouldAllBe(record => record.Reason == RouteReason.RecentWrite);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Theory]
    [Trait("Case", "C228")]
    [InlineData(2)]
    [InlineData(0)]
    public async Task After_the_window_a_session_reads_from_the_replica(int seconds)
    {
        await using var app = StartWithClock(TimeSpan.FromSeconds(seconds));

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename);
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });
    }

    [Fact]
    public async Task A_read_on_the_primary_does_not_make_the_window_longer()
    {
        await using var app = StartWithClock(TimeSpan.FromSeconds(2));

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename);
            for (var second = 0; second < 2; second++)
            {
                (await scope.Sender.Send(ReadName)).ShouldBe("written");
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });
    }

    [Fact]
    public async Task A_session_that_is_pinned_by_hand_reads_from_the_primary_for_a_tokens_life()
    {
        await using var app = StartWithClock(TimeSpan.FromSeconds(2));

        await app.InScopeAsync(async scope =>
        {
            scope.Services.GetRequiredService<RoutingSession>().PinToPrimary();
            _clock.Advance(TimeSpan.FromSeconds(59));
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });
    }

    private RoutedApp StartWithClock(TimeSpan window) => Start(options =>
    {
        options.ConfigureServices = services => services.AddSingleton<TimeProvider>(_clock);
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica, replica => replica.RecentWriteWindow = window);
    });
}
