using System.Data;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A query that may wait for the replica.</summary>
public sealed class CatchUpWaitTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replica_that_catches_up_in_time_serves_the_query(bool async)
    {
        await using var app = StartWithPositions(replica => replica.MaxCatchUpWait = Long);
        var token = await WriteAsync(app, "written");

        var query = Task.Run(() => RequestAsync(app, token, sender => sender.Send(new Read(async handling =>
            async ? (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name : handling.Db.Orders.AsNoTracking().Single().Name))));
        while (Positions.Reads.Replica < 2)
            await Task.Yield();
        await Pair.ReplicateAsync();

        (await query).Result.ShouldBe("written");
        var record = RouteOf<Read>(app);
        record.Route.ShouldBe(DatabaseRole.Replica);
        record.Waited.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_replica_that_does_not_catch_up_in_time_leaves_the_query_to_the_primary()
    {
        await using var app = StartWithPositions(replica => replica.MaxCatchUpWait = TimeSpan.FromMilliseconds(500));
        var token = await WriteAsync(app, "written");

        (await ReadAsync(app, token)).ShouldBe("written");

        var record = RouteOf<Read>(app);
        (record.Route, record.Reason).ShouldBe((DatabaseRole.Primary, RouteReason.NotCaughtUp));
        record.Waited.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(500));
        Positions.Reads.Replica.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_query_that_is_canceled_while_it_waits_leaves_nothing_open()
    {
        await using var app = StartWithPositions(replica => replica.MaxCatchUpWait = Long);
        var token = await WriteAsync(app, "written");
        using var canceled = new CancellationTokenSource();

        await app.InScopeAsync(async scope =>
        {
            SessionOf(scope).TryResume(token);
            var query = scope.Sender.Send(new Read(async handling => await handling.Db.Orders.CountAsync(handling.CancellationToken)), canceled.Token);
            while (Positions.Reads.Replica < 2)
                await Task.Yield();
            await canceled.CancelAsync();

            await Should.ThrowAsync<OperationCanceledException>(() => query);
            using (RouteScope.BeginQuery())
                scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);
        });
    }

    [Fact]
    public void A_negative_MaxCatchUpWait_is_an_error_that_says_so() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new DbContextOptionsBuilder().UseReplica("Host=replica", replica => replica.MaxCatchUpWait = TimeSpan.FromSeconds(-1)))
            .Message.ShouldContain("ReplicaOptions.MaxCatchUpWait is negative. Use TimeSpan.Zero to turn it off.");
}
