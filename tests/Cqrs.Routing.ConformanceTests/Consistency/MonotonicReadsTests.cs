namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A query of a session reads nothing older than an earlier query of the session.</summary>
public sealed class MonotonicReadsTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private static ReadFromPrimaryQuery ReadCurrentName => new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    [Theory]
    [Trait("Case", "C238")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_after_one_that_asked_for_the_primary_reads_nothing_older_unless_it_may(bool monotonic)
    {
        await using var app = StartWithPositions(replica => replica.MonotonicReads = monotonic);

        var (name, token) = await RequestAsync(app, null, sender => sender.Send(ReadCurrentName));

        name.ShouldBe(DatabasePair.Current);
        (token is not null).ShouldBe(monotonic);
        (await ReadAsync(app, token)).ShouldBe(monotonic ? DatabasePair.Current : DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_query_after_one_that_the_replica_could_not_serve_sees_what_others_wrote_meanwhile()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "mine");
        await Pair.ReplicateAsync();
        var caughtUpWithMine = token;
        await app.SendAsync(Rename("anothers"));
        // Its own write is on the replica by now, but it is made to read from the primary once more.
        var (seen, after) = await RequestAsync(app, caughtUpWithMine, sender => sender.Send(ReadCurrentName));

        seen.ShouldBe("anothers");
        (await ReadAsync(app, after)).ShouldBe("anothers");
        (await ReadAsync(app, caughtUpWithMine)).ShouldBe("mine");
    }

    [Fact]
    [Trait("Case", "C172")]
    public async Task Reads_inside_ForcePrimary_do_not_keep_later_queries_on_the_primary()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            using (RouteScope.ForcePrimary())
                (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });

        Positions.Reads.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C238")]
    public async Task What_follows_an_inner_query_that_asked_for_the_primary_reads_nothing_older()
    {
        await using var app = StartWithPositions();

        await app.SendAsync(new Read(async outer =>
        {
            (await outer.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
            (await outer.Sender.Send(ReadCurrentName)).ShouldBe(DatabasePair.Current);
            (await outer.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            (await outer.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);
        }));
    }

    [Fact]
    [Trait("Case", "C238")]
    public async Task A_query_whose_inner_query_the_replica_could_not_serve_stays_on_the_primary()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");
        app.Log.Clear();

        await app.InScopeAsync(async scope =>
        {
            SessionOf(scope).TryResume(token);
            await scope.Sender.Send(new Read(async outer =>
            {
                (await outer.Sender.Send(ReadName)).ShouldBe("written");
                await Pair.ReplicateAsync();
                (await outer.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe("written");
                (await outer.Sender.Send(ReadName)).ShouldBe("written");
            }));
        });

        app.Log.Counts.ShouldBe((3, 0));
        Positions.Reads.Replica.ShouldBe(1);
    }

    [Fact]
    public async Task Behind_a_load_balancer_every_answer_is_remembered_and_nothing_is_taken_for_caught_up()
    {
        await using var app = StartWithPositions(replica => replica.IsLoadBalanced = true);
        string? token = null;

        await app.InScopeAsync(async scope =>
        {
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
            Positions.Reads.ShouldBe((0, 1));
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
            // The primary was read to know whether the replica is its own.
            Positions.Reads.ShouldBe((1, 3));
            token = await TokenOf(scope);
        });

        // Another server of the same name, which is not as far: here, the same one, said to have been further before.
        token.ShouldNotBeNull();
        await app.InScopeAsync(async scope =>
        {
            SessionOf(scope).TryResume(token);
            var seen = SessionOf(scope).Positions.Single();
            SessionOf(scope).SessionPositions.Saw(seen with { Value = seen.Value + 1_000_000 });
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
        });
        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.NotCaughtUp);
    }
}
