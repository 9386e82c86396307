namespace Cqrs.Routing.MistakeTests.Transactions;

public sealed class TransactionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_of_a_query_that_is_left_open_is_named(bool onOpenConnection)
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(new GetReport(async work =>
        {
            if (onOpenConnection)
                await work.Shop.Database.OpenConnectionAsync();
            await work.Shop.Database.BeginTransactionAsync();
            return await work.ReadAsync();
        }));

        app.Log.ShouldBeOnlyWarning(35, "GetReport has ended", "ShopContext", "Dispose it in the query");
    }

    [Fact]
    public async Task A_transaction_of_a_query_that_is_disposed_is_not_named()
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(new GetReport(async work =>
        {
            await using var transaction = await work.Shop.Database.BeginTransactionAsync();
            return await work.ReadAsync();
        }));

        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task A_command_after_a_transaction_that_a_query_left_open_says_what_to_close()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.InScopeAsync(async work =>
        {
            await work.Sender.Send(new GetReport(async inner =>
            {
                await inner.Shop.Database.BeginTransactionAsync();
                return await inner.ReadAsync();
            }));
            return await work.Sender.Send(PlaceOrder.Right);
        }))).ShouldSay("PlaceOrder needs the primary", "still open on the replica", "Finish that first", "use another ShopContext");
    }

    [Fact]
    public async Task A_connection_of_a_query_that_is_left_open_is_closed_and_named()
    {
        await using var app = ShopApp.CreateRight();

        await app.InScopeAsync(async work =>
        {
            await work.Sender.Send(new GetReport(async inner =>
            {
                await inner.Shop.Database.OpenConnectionAsync();
                return await inner.ReadAsync();
            }));
            return await work.Sender.Send(PlaceOrder.Right);
        });

        app.Log.ShouldBeOnlyInformation(34, "GetReport left the connection of ShopContext open", "CloseConnectionAsync");
    }

    [Fact]
    public async Task A_tracking_read_in_a_transaction_of_a_query_scope_says_how_to_read()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.InScopeAsync(async work =>
        {
            using var query = RouteScope.BeginQuery();
            await using var transaction = await work.Shop.Database.BeginTransactionAsync();
            return await work.Shop.Orders.ToListAsync();
        }))).ShouldSay("RouteScope.BeginQuery(TransactionTests.", ") tracks Order", "ShopContext", "AsNoTracking()", "RouteScope.ForcePrimary()");
    }

    [Fact]
    public async Task A_tracking_read_in_a_transaction_of_a_query_runs_again_on_the_primary()
    {
        await using var app = ShopApp.CreateRight();

        (await app.SendAsync(new GetReport(async work =>
        {
            await using var transaction = await work.Shop.Database.BeginTransactionAsync();
            return (await work.Shop.Orders.FirstAsync()).Product;
        }))).ShouldBe(ShopApp.OnPrimary);
    }

    [Fact]
    public async Task A_query_in_a_transaction_of_its_caller_sees_the_callers_rows_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(async work =>
        {
            await using var transaction = await work.Shop.Database.BeginTransactionAsync();
            await work.SaveAsync("biscuits");
            return await work.Sender.Send(new GetReport(async inner => await inner.Shop.Orders.CountAsync()));
        });

        routed.ShouldBe(plain);
        routed.ShouldBe(2);
    }
}
