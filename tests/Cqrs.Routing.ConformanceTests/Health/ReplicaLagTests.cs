using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.ConformanceTests.Consistency;
using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;
using Cqrs.Routing.TestServers;

namespace Cqrs.Routing.ConformanceTests.Health;

/// <summary>A replica that lags beyond its limits serves no query until it has caught up. Replay is paused unless a test resumes it.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ReplicaLagTests(PairFixture<PostgresPairDatabase> fixture) : HealthTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task Beyond_a_limit_of_bytes_the_primary_serves_until_the_replica_has_caught_up()
    {
        var log = new LogLines();
        await using var app = StartWatched(replica => replica.MaxLagBytes = 10_000, options => options.ConfigureServicesLater = log.AddTo);
        await Pair.ReplicateAsync();
        await ReadUntilAsync(app, RouteReason.Query);

        await WriteBytesAsync(20_000);
        await ReadUntilAsync(app, RouteReason.ReplicaLagging);
        app.Log.Clear();
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));

        await Pair.ReplicateAsync();
        await ReadUntilAsync(app, RouteReason.Query);
        app.Log.Clear();
        await app.SendAsync(ReadName);
        app.Log.Counts.ShouldBe((0, 1));
        log.All.Count(line => line.Contains("beyond the limits", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Beyond_a_limit_of_time_the_primary_serves_until_the_replica_has_caught_up()
    {
        await using var app = StartWatched(replica => replica.MaxLag = TimeSpan.FromMilliseconds(400));
        await Pair.ReplicateAsync();
        await ReadUntilAsync(app, RouteReason.Query);

        await WriteBytesAsync(100);
        await ReadUntilAsync(app, RouteReason.ReplicaLagging);

        await Pair.ReplicateAsync();
        await ReadUntilAsync(app, RouteReason.Query);
    }

    [Theory]
    [Trait("Case", "C244")]
    [InlineData(1, 1_000_000_000)]
    [InlineData(3_600_000, 10)]
    public async Task With_both_limits_set_a_replica_that_exceeds_one_of_them_serves(int milliseconds, long bytes)
    {
        await using var app = StartWatched(replica => (replica.MaxLag, replica.MaxLagBytes) = (TimeSpan.FromMilliseconds(milliseconds), bytes));
        await WriteBytesAsync(20_000);

        await ReadUntilMeasuredAsync(app, 5);

        (await ReasonAsync(app)).ShouldBe(RouteReason.Query);
        (await HealthOfAsync(app)).Status!.LagBytes.ShouldNotBeNull().ShouldBeGreaterThan(10);
    }

    [Fact]
    [Trait("Case", "C244")]
    public async Task With_both_limits_set_a_replica_that_exceeds_both_does_not_serve()
    {
        await using var app = StartWatched(replica => (replica.MaxLag, replica.MaxLagBytes) = (TimeSpan.FromMilliseconds(1), 10));
        await WriteBytesAsync(20_000);

        await ReadUntilAsync(app, RouteReason.ReplicaLagging);
    }

    [Fact]
    [Trait("Case", "C244")]
    public async Task An_idle_primary_does_not_make_the_replica_lag()
    {
        await using var app = StartWatched(replica => replica.MaxLag = TimeSpan.FromSeconds(1));
        var pair = await PostgresPair.SharedAsync();
        await pair.ResumeReplayAsync(TestContext.Current.CancellationToken);
        await pair.CatchUpAsync(TestContext.Current.CancellationToken);
        await ReadUntilAsync(app, RouteReason.Query);

        // Longer than the limit, and nothing is written meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        app.Routes.Clear();
        await ReadUntilMeasuredAsync(app, 3);

        app.Routes.GetRecords<Read>().ShouldAllBe(record => record.Route == DatabaseRole.Replica);
    }

    [Fact]
    public async Task Nothing_is_measured_for_an_application_that_sends_no_queries()
    {
        var positions = new CountingPositions();
        await using var app = StartWatched(replica => replica.PositionSource = positions);
        // All tests with the same settings share the replica's health, and one before may have left a measurement of its own running.
        var shared = await HealthOfAsync(app);
        while (shared.Monitor.IsMeasuring)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        await app.InScopeAsync(scope => scope.Db.Orders.CountAsync());
        await Task.Delay(200, TestContext.Current.CancellationToken);
        positions.Reads.ShouldBe((0, 0));

        await ReadUntilMeasuredAsync(app, 3);
        var health = await HealthOfAsync(app);
        while (health.Monitor.IsMeasuring)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        var reads = positions.Reads;
        await Task.Delay(200, TestContext.Current.CancellationToken);

        reads.Primary.ShouldBeGreaterThan(2);
        positions.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task No_query_waits_for_a_measurement_and_EF_sees_none()
    {
        var positions = new CountingPositions { OnPrimary = PositionSources.PostgreSql.PrimaryCommandText + " CROSS JOIN pg_sleep(1.5)" };
        await using var app = StartWatched(replica => replica.PositionSource = positions);

        (await ReasonAsync(app)).ShouldBe(RouteReason.Query);

        (await HealthOfAsync(app)).Monitor.IsMeasuring.ShouldBeTrue();
        app.Log.Counts.ShouldBe((0, 1));
        await ReadUntilMeasuredAsync(app, 0);
    }

    [Fact]
    public async Task A_limit_that_cannot_be_measured_is_reported_once_and_refuses_nothing()
    {
        var log = new LogLines();
        await using var app = StartWatched(
            replica =>
            {
                replica.MaxLag = TimeSpan.FromMilliseconds(1);
                replica.PositionSource = PositionSources.None;
            },
            options => options.ConfigureServicesLater = log.AddTo);

        await ReadUntilMeasuredAsync(app, 3);

        (await ReasonAsync(app)).ShouldBe(RouteReason.Query);
        var line = log.All.Where(line => line.Contains("cannot be measured", StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain("its database has no position source. Name one (ReplicaOptions.PositionSource), or remove the limits");
    }

    [Fact]
    public async Task A_replica_that_reaches_the_primarys_position_a_moment_later_does_not_lag()
    {
        var positions = new ScriptedPositions(primary: 5, replica: [1, 4, 5]);
        await using var app = StartWatched(replica => (replica.PositionSource, replica.MonitorInterval) = (positions, TimeSpan.FromHours(1)));

        await MeasureAsync(app);

        (await HealthOfAsync(app)).Status!.LagBytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_replica_that_stays_behind_lags_by_the_bytes_that_it_lacks()
    {
        var positions = new ScriptedPositions(primary: 5, replica: [1]);
        await using var app = StartWatched(replica => (replica.PositionSource, replica.MonitorInterval) = (positions, TimeSpan.FromHours(1)));

        await MeasureAsync(app);

        (await HealthOfAsync(app)).Status!.LagBytes.ShouldBe(4);
    }

    [Fact]
    public async Task A_healthy_pair_is_measured_with_its_lag_and_its_role()
    {
        await using var app = StartWatched();
        var pair = await PostgresPair.SharedAsync();
        await pair.ResumeReplayAsync(TestContext.Current.CancellationToken);
        await pair.CatchUpAsync(TestContext.Current.CancellationToken);

        await ReadUntilMeasuredAsync(app, 1);

        var status = (await HealthOfAsync(app)).Status!;
        status.ShouldBe(new ReplicaStatus(null, 0, status.LagTime) { Role = ReplicaRole.Replica });
        status.LagTime.ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private async Task WriteBytesAsync(int count)
    {
        await using var db = Pair.Direct(Server.Primary);
        await db.Database.ExecuteSqlAsync($"SELECT pg_logical_emit_message(true, 'lag', repeat('x', {count}))");
    }

    /// <summary>The replica's positions one after the other, the last one for ever.</summary>
    private sealed class ScriptedPositions(int primary, int[] replica) : IPositionSource
    {
        private int _asked;

        public string PrimaryCommandText => $"SELECT 'scripted', {primary}::bigint";

        public string ReplicaCommandText => $"SELECT 'scripted', {replica[Math.Min(_asked++, replica.Length - 1)]}::bigint";

        public ReplicationPosition? Read(System.Data.Common.DbDataReader row) => new(row.GetString(0), (UInt128)row.GetInt64(1));
    }
}
