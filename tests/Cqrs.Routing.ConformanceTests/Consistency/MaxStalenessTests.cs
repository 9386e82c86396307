using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>The <c>MaxStaleness</c> limit: how old the answer of a query may be.</summary>
public sealed class MaxStalenessTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_replica_that_has_everything_serves_a_query_with_a_staleness_limit()
    {
        await using var app = StartWithClock(Patient);
        // Replay runs on, so that what PostgreSQL writes by itself reaches the standby.
        await Pair.DisposeAsync();

        (await app.SendAsync(new Recent())).ShouldBe(DatabasePair.Current);
        RouteOf<Recent>(app).Route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    public async Task A_replica_that_is_older_than_the_staleness_limit_does_not_serve()
    {
        await using var app = StartWithClock();
        await app.SendAsync(new Recent());
        await Pair.ReplicateAsync();

        await app.SendAsync(Rename("written"));
        _clock.Advance(TimeSpan.FromSeconds(11));

        (await app.SendAsync(new Recent())).ShouldBe("written");
        RouteOf<Recent>(app).Reason.ShouldBe(RouteReason.TooStale);
    }

    [Fact]
    public async Task A_replica_that_lags_less_than_is_allowed_serves_the_older_state()
    {
        await using var app = StartWithClock(Patient);
        await Pair.DisposeAsync();
        await app.SendAsync(new Recent());
        await Pair.ReplicateAsync();

        await app.SendAsync(Rename("written"));
        _clock.Advance(TimeSpan.FromSeconds(9));

        (await app.SendAsync(new Recent())).ShouldBe(DatabasePair.Current);
        RouteOf<Recent>(app).Route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    [Trait("Case", "C244")]
    public async Task An_idle_primary_does_not_make_the_replica_old()
    {
        await using var app = StartWithClock(Patient);
        await Pair.DisposeAsync();

        for (var hours = 0; hours < 3; hours++)
        {
            await app.SendAsync(new Recent());
            RouteOf<Recent>(app).Route.ShouldBe(DatabaseRole.Replica);
            _clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task The_primary_is_asked_four_times_per_span_however_many_queries_there_are()
    {
        await using var app = StartWithClock();

        for (var query = 0; query < 100; query++)
        {
            await app.SendAsync(new Recent());
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Positions.Reads.Primary.ShouldBe(4);
        Positions.Reads.Replica.ShouldBe(100);
    }

    [Fact]
    public async Task A_query_that_nobody_sent_for_long_is_compared_with_what_the_busy_primary_has_now()
    {
        await using var app = StartWithClock();
        await Pair.ReplicateAsync();
        Positions.BeforePrimary = () =>
        {
            using var db = Pair.Direct(Server.Primary);
            db.Orders.ExecuteUpdate(orders => orders.SetProperty(order => order.Name, "written"));
            Task.Run(Pair.ReplicateAsync).GetAwaiter().GetResult();
        };

        (await app.SendAsync(new Recent())).ShouldBe("written");

        RouteOf<Recent>(app).Route.ShouldBe(DatabaseRole.Replica);
        Positions.Reads.ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_query_that_nobody_sent_for_long_waits_for_what_the_busy_primary_has_now_if_it_may()
    {
        await using var app = StartWithClock(Patient);
        var catchingUp = Task.CompletedTask;
        Positions.BeforePrimary = () => catchingUp = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            await Pair.ReplicateAsync();
        });

        (await app.SendAsync(new Recent())).ShouldBe(DatabasePair.Current);

        RouteOf<Recent>(app).Route.ShouldBe(DatabaseRole.Replica);
        Positions.Reads.Primary.ShouldBe(1);
        await catchingUp;
    }

    [Fact]
    public async Task A_staleness_limit_does_not_replace_what_the_session_needs()
    {
        await using var app = StartWithClock();
        await Pair.ReplicateAsync();
        await app.SendAsync(new Recent());
        var token = await WriteAsync(app, "written");

        (await RequestAsync(app, token, sender => sender.Send(new Recent()))).Result.ShouldBe("written");

        RouteOf<Recent>(app).Reason.ShouldBe(RouteReason.NotCaughtUp);
    }

    [Fact]
    public async Task A_primary_that_does_not_tell_its_position_serves_itself()
    {
        await using var app = StartWithClock();
        Positions.OnPrimary = "SELECT no_such_function()";

        (await app.SendAsync(new Recent())).ShouldBe(DatabasePair.Current);

        RouteOf<Recent>(app).Reason.ShouldBe(RouteReason.PositionUnknown);
    }

    [Fact]
    public async Task A_staleness_limit_of_zero_is_an_error_that_says_what_to_write()
    {
        await using var app = StartWithClock();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new Never()));

        error.Message.ShouldBe(
            "[MaxStaleness(0)] on 'MaxStalenessTests.Never' is not a staleness that a replica can have. Give a number of seconds above zero, or use [ReadFromPrimary] for zero. [CR207]");
    }

    private static void Patient(ReplicaOptions replica) => replica.MaxCatchUpWait = TimeSpan.FromMinutes(1);

    private RoutedApp StartWithClock(Action<ReplicaOptions>? replica = null) => StartWithPositions(replica, options => options.ConfigureServicesLater = services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        services.AddTransient<IRequestHandler<Recent, string>, RecentHandler>();
        services.AddTransient<IRequestHandler<Never, string>, RecentHandler>();
    });

    [MaxStaleness(10)]
    private sealed record Recent : IQuery<string>;

    [MaxStaleness(0)]
    private sealed record Never : IQuery<string>;

    private sealed class RecentHandler(ShopContext db) : IQueryHandler<Recent, string>, IQueryHandler<Never, string>
    {
        public async Task<string> Handle(Recent query, CancellationToken cancellationToken) => (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name;

        public async Task<string> Handle(Never query, CancellationToken cancellationToken) => (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name;
    }
}
