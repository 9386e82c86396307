using Cqrs.Routing.Testing;

namespace Cqrs.Routing.MistakeTests.Testing;

public sealed class LagSimulatorTests
{
    [Fact]
    public void Advance_without_Freeze_says_what_to_call()
    {
        using var lag = new LagSimulator();

        Should.Throw<InvalidOperationException>(() => lag.Advance()).ShouldSay("Replication is not frozen", "Call Freeze before the commits");
    }

    [Fact]
    public void Advance_further_than_the_primary_says_how_far_it_may_go()
    {
        using var lag = new LagSimulator();
        lag.Freeze();

        Should.Throw<ArgumentOutOfRangeException>(() => lag.Advance(3)).ShouldSay("The replica lags by 0 commits", "Advance");
    }

    [Fact]
    public void Advance_by_nothing_is_refused()
    {
        using var lag = new LagSimulator();
        lag.Freeze();

        Should.Throw<ArgumentOutOfRangeException>(() => lag.Advance(0)).ParamName.ShouldBe("commits");
    }

    [Fact]
    public async Task AssertCounts_lists_what_reached_which_server()
    {
        using var lag = new LagSimulator();
        await using var app = await CreateAsync(lag);
        lag.Commands.Clear();

        await app.SendAsync(new GetReport(async work => await work.Shop.Orders.CountAsync()));

        Should.Throw<RoutingAssertionException>(() => lag.Commands.AssertCounts(primary: 1, replica: 0)).ShouldSay("1 on the primary, 0 on the replica", "There were 0 and 1", "Replica: SELECT COUNT(*)");
    }

    [Fact]
    public async Task A_simulator_beside_another_provider_replaces_it()
    {
        using var lag = new LagSimulator();
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica).UseLagSimulator(lag)).AddMediator().AddRouting();
        await app.InScopeAsync(work => work.Shop.Database.EnsureCreatedAsync());

        (await app.SendAsync(new GetReport(async work => await work.Shop.Orders.CountAsync()))).ShouldBe(0);
        app.Routes.AssertRoute<GetReport>(DatabaseRole.Replica);
        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task A_test_that_reads_in_another_scope_sees_the_stale_row_and_is_warned_of_the_session()
    {
        using var lag = new LagSimulator();
        await using var app = await CreateAsync(lag);
        lag.Freeze();

        await app.SendAsync(PlaceOrder.Right);
        (await app.SendAsync(new GetReport(async work => await work.Shop.Orders.CountAsync()))).ShouldBe(0);

        app.Log.ShouldBeOnlyWarning(12, "its session was not passed on", "Use one scope for both");
    }

    [Fact]
    public void Null_instead_of_a_simulator_is_refused() =>
        Should.Throw<ArgumentNullException>(() => new DbContextOptionsBuilder().UseLagSimulator(null!)).ParamName.ShouldBe("lag");

    private static async Task<ShopApp> CreateAsync(LagSimulator lag)
    {
        var app = new ShopApp();
        app.AddShop(options => options.UseLagSimulator(lag)).AddMediator().AddRouting();
        await app.InScopeAsync(work => work.Shop.Database.EnsureCreatedAsync());
        return app;
    }
}
