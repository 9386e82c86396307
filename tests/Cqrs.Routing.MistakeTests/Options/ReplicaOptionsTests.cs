namespace Cqrs.Routing.MistakeTests.Options;

/// <summary>Values of ReplicaOptions that cannot be meant.</summary>
public sealed class ReplicaOptionsTests
{
    [Fact]
    public void A_negative_RecentWriteWindow_says_what_is_possible() => ShouldBeRefused(replica => replica.RecentWriteWindow = TimeSpan.FromSeconds(-1), "ReplicaOptions.RecentWriteWindow is negative", "TimeSpan.Zero");

    [Fact]
    public void A_negative_MaxCatchUpWait_says_what_is_possible() => ShouldBeRefused(replica => replica.MaxCatchUpWait = Timeout.InfiniteTimeSpan, "ReplicaOptions.MaxCatchUpWait is negative", "TimeSpan.Zero");

    [Fact]
    public void A_negative_MonitorInterval_says_what_is_possible() => ShouldBeRefused(replica => replica.MonitorInterval = Timeout.InfiniteTimeSpan, "ReplicaOptions.MonitorInterval is negative", "TimeSpan.Zero");

    [Fact]
    public void A_MaxLag_of_zero_says_what_is_possible() => ShouldBeRefused(replica => replica.MaxLag = TimeSpan.Zero, "ReplicaOptions.MaxLag must be above zero", "null for no limit");

    [Fact]
    public void A_negative_MaxLagBytes_says_what_is_possible() => ShouldBeRefused(replica => replica.MaxLagBytes = -1, "ReplicaOptions.MaxLagBytes must be above zero", "null for no limit");

    [Fact]
    public void A_MaxLag_without_a_monitor_says_what_is_missing() => ShouldBeRefused(
        replica => (replica.MaxLag, replica.MonitorInterval) = (TimeSpan.FromSeconds(5), TimeSpan.Zero), "ReplicaOptions.MaxLag is set", "MonitorInterval zero");

    [Fact]
    public void A_BreakDuration_of_zero_says_what_is_possible() => ShouldBeRefused(replica => replica.BreakDuration = TimeSpan.Zero, "ReplicaOptions.BreakDuration must be above zero");

    [Fact]
    public void Negative_MaxFallbacksPerSecond_says_what_is_possible() =>
        ShouldBeRefused(replica => replica.MaxFallbacksPerSecond = -1, "ReplicaOptions.MaxFallbacksPerSecond is negative", "null for no limit", "FallbackToPrimary = false");

    [Fact]
    public void A_call_as_the_name_of_a_declared_read_says_how_to_write_it() =>
        Should.Throw<ArgumentException>(() => new ReplicaOptions().Reads("EXEC dbo.GetOrders(1)")).ShouldSay("'EXEC dbo.GetOrders(1)'", "dbo.GetOrders");

    [Fact]
    public void A_blank_name_of_a_declared_read_says_how_to_write_it() =>
        Should.Throw<ArgumentException>(() => new ReplicaOptions().Reads(" ")).ShouldSay("is not the name of a procedure or function", "dbo.GetOrders");

    [Fact]
    public async Task No_fallbacks_per_second_fail_the_query_and_name_the_option()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.FileOf("missing.db"), replica => replica.MaxFallbacksPerSecond = 0)).AddMediator().AddRouting();

        (await Should.ThrowAsync<ReplicaUnavailableException>(app.ReadAsync)).ShouldSay("ShopContext", "GetReport", "ReplicaOptions.MaxFallbacksPerSecond");
    }

    [Fact]
    public async Task A_MaxLag_on_a_database_without_positions_is_named()
    {
        await using var app = ShopApp.CreateRight(replica: replica => replica.MaxLag = TimeSpan.FromSeconds(5));

        await app.CheckAsync();

        app.Log.ShouldBeOnlyWarning(23, "ShopContext", "ReplicaOptions.MaxLag", "Name one (ReplicaOptions.PositionSource), or remove the limits");
    }

    private static void ShouldBeRefused(Action<ReplicaOptions> configure, params string[] words) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new DbContextOptionsBuilder().UseSqlite("Data Source=shop.db").UseReplica("Data Source=replica.db", configure)).ShouldSay(words);
}
