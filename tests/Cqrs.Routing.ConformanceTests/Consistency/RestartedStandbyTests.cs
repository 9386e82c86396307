namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A standby that restarts after a crash may have replayed less than it showed before.</summary>
public sealed class RestartedStandbyTests : OwnStandbyTest
{
    // Applies what is committed later than it would otherwise: here, not within the test.
    private const string Delay = "ALTER SYSTEM SET recovery_min_apply_delay = '10min'";
    private const string NoDelay = "ALTER SYSTEM RESET recovery_min_apply_delay";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // It restarts from here.
        await OnServerAsync(Database.Primary, "CHECKPOINT");
        await Servers.CatchUpAsync();
        await OnServerAsync(Database.Replica, "CHECKPOINT");
    }

    [Fact]
    public async Task Queries_after_a_standby_crash_read_nothing_older_than_queries_before_it()
    {
        await using var services = Start(choices: choices => (choices.MonitorInterval, choices.BreakDuration) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));
        await SendAsync(services, Rename);
        await Servers.CatchUpAsync();
        (await SendAsync(services, ReadName), LastRoute(services)).ShouldBe(("new", DatabaseRole.Replica));

        await CrashAsync();

        // The first one meets the pool's dead connection. The others get a new one, and their sessions have nothing to ask for.
        for (var query = 0; query < 5; query++)
            (await SendAsync(services, ReadName), LastRoute(services)).ShouldBe(("new", DatabaseRole.Primary));

        await ComeBackAsync();
        for (var query = 0; query < 2; query++)
            (await SendAsync(services, ReadName), LastRoute(services)).ShouldBe(("new", DatabaseRole.Replica));
    }

    private async Task CrashAsync()
    {
        await OnServerAsync(Database.Replica, Delay);
        await Servers.StopStandbyAsync(immediately: true);
        await Servers.StartStandbyAsync();
        (await OnServerAsync(Database.Replica, "SELECT \"Name\" FROM \"Orders\"")).ShouldBe("old", "or this test shows nothing");
    }

    private async Task ComeBackAsync()
    {
        await OnServerAsync(Database.Replica, NoDelay);
        await OnServerAsync(Database.Replica, "SELECT pg_reload_conf()");
        await Servers.CatchUpAsync();
    }
}
