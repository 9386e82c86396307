using Cqrs.Routing.ConformanceTests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>An unknown position sends the session to the primary, is logged once and causes no error.</summary>
public sealed class UnknownPositionTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    public static TheoryData<string> Failures =>
    [
        "SELECT no_such_function()",
        "SELECT NULL::text, NULL::bigint",
        "SELECT 'x', 1::bigint WHERE false",
        "SELECT 1",
        "SELECT 'x', pg_sleep(60)",
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_replica_that_does_not_tell_its_position_is_not_read_by_who_needs_it(string command)
    {
        var log = new LogLines();
        await using var app = StartWithPositions(configure: options => options.ConfigureServicesLater = log.AddTo);
        var token = await WriteAsync(app, "written");
        Positions.OnReplica = command;

        (await ReadAsync(app, token)).ShouldBe("written");
        (await ReadAsync(app, token)).ShouldBe("written");
        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.PositionUnknown);

        // Its connection went back to the pool as good as new.
        (await ReadAsync(app, null)).ShouldBe(DatabasePair.Replicated);
        log.All.Count(line => line.Contains("position of the replica cannot be read", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_primary_that_does_not_tell_its_position_keeps_the_session(string command)
    {
        await using var app = StartWithPositions();
        Positions.OnPrimary = command;

        var token = await WriteAsync(app, "written");
        await Pair.ReplicateAsync();

        (await ReadAsync(app, token)).ShouldBe("written");
        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.RecentWrite);
        (await ReadAsync(app, null)).ShouldBe("written");
        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    public async Task A_primary_that_never_tells_keeps_a_session_no_longer_than_the_command_is_remembered()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = StartWithPositions(configure: options => options.ConfigureServicesLater = services => services.AddSingleton<TimeProvider>(clock));
        Positions.OnPrimary = "SELECT no_such_function()";

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written"));
            for (var age = 0; age < 60; age += 10)
            {
                (await scope.Sender.Send(ReadName)).ShouldBe("written");
                RouteOf<Read>(app).Reason.ShouldBe(RouteReason.RecentWrite);
                clock.Advance(TimeSpan.FromSeconds(10));
            }

            // Nobody knows, and for how long nobody knew is what the token's lifetime promises.
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });
    }

    [Fact]
    public async Task A_primary_restored_from_a_backup_is_noticed_and_a_replica_ahead_of_it_serves_no_session_that_wrote()
    {
        var log = new LogLines();
        await using var app = StartWithPositions(configure: options => options.ConfigureServicesLater = log.AddTo);
        var before = await WriteAsync(app, "written");
        await Pair.ReplicateAsync();
        (await ReadAsync(app, before)).ShouldBe("written");
        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Replica);

        // The same cluster and timeline, and less of its log.
        Positions.OnPrimary = "SELECT system_identifier::text, 4096::bigint, 8192, 16777216, true, '00000001' FROM pg_control_system()";
        var after = await WriteAsync(app, "after the restore");

        (await ReadAsync(app, after)).ShouldBe("after the restore");
        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.NotAReplica);
        log.All.Count(line => line.Contains("went backwards", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_replica_of_another_database_is_recognised()
    {
        var log = new LogLines();
        await using var app = StartWithPositions(configure: options => options.ConfigureServicesLater = log.AddTo);
        var token = await WriteAsync(app, "written");
        Positions.Database = "another cluster";

        (await ReadAsync(app, token)).ShouldBe("written");

        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.PositionUnknown);
        log.All.ShouldContain(line => line.Contains("is not a copy of it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_strangers_replica_is_recognised_by_an_instance_that_has_never_read_the_primary()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");
        await using var other = StartWithPositions();
        Positions.OnReplica = "SELECT 'another cluster', 9000000000000000::bigint, 8192, 16777216, true, '00000001'";

        (await ReadAsync(other, token)).ShouldBe("written");

        RouteOf<Read>(other).Reason.ShouldBe(RouteReason.PositionUnknown);
    }

    [Fact]
    public async Task An_instance_reads_the_primary_once_to_know_whose_replica_it_has()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");
        await Pair.ReplicateAsync();
        await using var other = StartWithPositions();

        (await ReadAsync(other, token)).ShouldBe("written");
        (await ReadAsync(other, token)).ShouldBe("written");

        RouteOf<Read>(other).Route.ShouldBe(DatabaseRole.Replica);
        // The second query's session needs no more than the replica is known to have.
        Positions.Reads.ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_position_of_another_database_says_nothing_of_this_one_so_its_primary_is_asked()
    {
        await using var app = StartWithPositions();
        Positions.Database = "another cluster";
        var token = await WriteAsync(app, "written");
        Positions.Database = null;
        // The primary's own database is known by now to be another one than the token's.
        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written again"));
            await TokenOf(scope);
        });

        (await ReadAsync(app, token)).ShouldBe("written again");
    }
}
