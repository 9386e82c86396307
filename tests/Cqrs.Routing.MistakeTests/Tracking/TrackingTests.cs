namespace Cqrs.Routing.MistakeTests.Tracking;

public sealed class TrackingTests
{
    [Fact]
    public async Task A_query_that_tracks_what_it_displays_is_told_how_to_reach_the_replica()
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(new GetReport(async work => await work.Shop.Orders.ToListAsync()));

        app.Log.ShouldBeOnlyInformation(32, "GetReport tracks Order with ShopContext", "AsNoTracking()", "projection (Select)");
    }

    [Fact]
    public async Task A_caller_that_saves_what_a_query_returned_saves_it_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(async work =>
        {
            var order = (Order)(await work.Sender.Send(new GetReport(async inner => await inner.Shop.Orders.FirstAsync())))!;
            order.Product = "changed";
            return await work.Shop.SaveChangesAsync();
        });

        routed.ShouldBe(plain);
        routed.ShouldBe(1);
    }

    [Fact]
    public async Task A_command_that_finds_what_a_query_found_gets_the_same_object_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(async work =>
        {
            var seen = await work.Sender.Send(new GetReport(async inner => await inner.Shop.Orders.FindAsync(1)));
            var found = await work.Sender.Send(new PlaceOrder(async inner => await inner.Shop.Orders.FindAsync(1)));
            return ReferenceEquals(seen, found);
        });

        routed.ShouldBe(plain);
    }

    [Fact]
    public async Task A_tracking_read_in_a_query_scope_is_told_how_to_reach_the_replica()
    {
        await using var app = ShopApp.CreateRight();

        await app.InScopeAsync(async work =>
        {
            using var query = RouteScope.BeginQuery();
            return await work.Shop.Orders.ToListAsync();
        });

        app.Log.ShouldBeOnlyInformation(32, "RouteScope.BeginQuery(TrackingTests.", ") tracks Order", "AsNoTracking()");
    }

    [Fact]
    public async Task Find_in_a_query_reads_the_row_of_the_primary()
    {
        await using var app = ShopApp.CreateRight();

        (await app.SendAsync(new GetReport(async work => (await work.Shop.Orders.FindAsync(1))!.Product))).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyInformation(32, "GetReport tracks Order", "AsNoTracking()");
    }
}
