using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A standby is promoted while another follows the dead primary: the new primary serves, and the reason names the cause.</summary>
public sealed class FailoverTests : TwoStandbysTest
{
    [Fact]
    public async Task A_standby_that_follows_the_dead_primary_serves_no_session_that_wrote()
    {
        await FailOverAsync();
        await using var services = Start(First, Second);

        var (_, token) = await RequestAsync(services, null, Rename("after the failover"));
        (await IsAheadAsync()).ShouldBeTrue();
        (await RequestAsync(services, token, NameFrom<ShopContext>())).Result.ShouldBe("after the failover");

        LastOf(services).Reason.ShouldBe(RouteReason.NotAReplica);
    }

    [Fact]
    public async Task A_token_from_before_the_failover_asks_the_new_primary()
    {
        string? token;
        await using (var before = Start(Primary, Second))
            (_, token) = await RequestAsync(before, null, Rename("before the failover"));
        await CaughtUpAsync(First);
        await FailOverAsync();
        await using var services = Start(First, Second);
        // Another user's command, so that the servers differ.
        await RequestAsync(services, null, Rename("after the failover"));

        await using var scope = services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<RoutingSession>();
        session.TryResume(token);
        await scope.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(Rename("once more"));
        (await scope.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(NameFrom<ShopContext>())).ShouldBe("once more");

        LastOf(services).Reason.ShouldBe(RouteReason.NotAReplica);
    }

    [Fact]
    public async Task The_monitor_takes_a_standby_that_follows_the_dead_primary_away_from_every_session()
    {
        await FailOverAsync();
        await using var services = Start(First, Second);
        await RequestAsync(services, null, Rename("after the failover"));

        for (var attempt = 0; ; attempt++)
        {
            var (name, _) = await RequestAsync(services, null, NameFrom<ShopContext>());
            if (LastOf(services).Reason == RouteReason.NotAReplica)
            {
                name.ShouldBe("after the failover");
                break;
            }

            attempt.ShouldBeLessThan(500);
            await Task.Delay(10);
        }

        Log.All.ShouldContain(line => line.Contains("follows another timeline", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standby_that_follows_the_new_primary_serves_again()
    {
        await FailOverAsync(secondGetsAhead: false);
        await using var services = Start(First, Second);
        var (_, token) = await RequestAsync(services, null, Rename("after the failover"));
        (await RequestAsync(services, token, NameFrom<ShopContext>())).Result.ShouldBe("after the failover");
        LastOf(services).Reason.ShouldBe(RouteReason.NotAReplica);

        await FollowAsync(Second, First);
        await UntilAsync(Second, "SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE received_tli = 2)");
        var position = await OnServerAsync(First, "SELECT pg_current_wal_flush_lsn()::text");
        await UntilAsync(Second, $"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn");

        (await RequestAsync(services, token, NameFrom<ShopContext>())).Result.ShouldBe("after the failover");
        LastOf(services).Route.ShouldBe(DatabaseRole.Replica);
    }

    private async Task<bool> IsAheadAsync()
    {
        var position = await OnServerAsync(First, "SELECT pg_current_wal_insert_lsn()::text");
        return (bool)(await OnServerAsync(Second, $"SELECT pg_last_wal_replay_lsn() > '{position}'::pg_lsn"))!;
    }

    // Cut off from the primary, the first standby misses what the second still gets; then it takes the primary's place.
    private async Task FailOverAsync(bool secondGetsAhead = true)
    {
        await OnServerAsync(First, "ALTER SYSTEM SET primary_conninfo = ''; SELECT pg_reload_conf()");
        await UntilAsync(First, "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)");
        if (secondGetsAhead)
        {
            await OnServerAsync(Primary, "SELECT pg_logical_emit_message(true, 'lost', repeat('x', 4000000))");
            await CaughtUpAsync(Second);
        }

        await OnServerAsync(First, "SELECT pg_promote(wait => true)");
    }

    private static async Task FollowAsync(string standby, string primary)
    {
        var server = new Npgsql.NpgsqlConnectionStringBuilder(primary);
        await OnServerAsync(standby, $"ALTER SYSTEM SET primary_slot_name = ''; ALTER SYSTEM SET primary_conninfo = 'host={server.Host} port={server.Port} user=postgres'; SELECT pg_reload_conf()");
    }
}
