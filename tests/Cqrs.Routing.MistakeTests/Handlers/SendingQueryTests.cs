namespace Cqrs.Routing.MistakeTests.Handlers;

public sealed class SendingQueryTests
{
    [Fact]
    public async Task A_query_that_sends_a_command_says_what_to_change()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<CommandInQueryException>(() => app.SendAsync(new GetReport(work => work.Sender.Send(PlaceOrder.Right)))))
            .ShouldSay("GetReport is a query and sent the command PlaceOrder", "Make GetReport a command", "RoutingOptions.AllowCommandsInQueries");
        (await app.CountOrdersAsync(app.Primary)).ShouldBe(1);
    }

    [Fact]
    public async Task A_command_sent_inside_BeginQuery_says_what_to_change()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<CommandInQueryException>(() => app.InScopeAsync(async work =>
        {
            using var query = RouteScope.BeginQuery();
            return await work.Sender.Send(PlaceOrder.Right);
        }))).ShouldSay("RouteScope.BeginQuery(SendingQueryTests.", "PlaceOrder", "Dispose the query's scope");
    }

    [Fact]
    public void BeginCommand_inside_BeginQuery_says_what_to_change()
    {
        using var query = RouteScope.BeginQuery();

        Should.Throw<CommandInQueryException>(() => RouteScope.BeginCommand()).ShouldSay("RouteScope.BeginQuery(SendingQueryTests.", "RouteScope.BeginCommand(SendingQueryTests.", "Dispose the query's scope first");
    }

    [Fact]
    public async Task A_command_scope_in_a_query_is_recorded_even_if_the_refusal_is_swallowed()
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(new GetReport(async work =>
        {
            try
            {
                using var command = RouteScope.BeginCommand("audit");
            }
            catch (CommandInQueryException)
            {
                // As an audit that must not fail its query.
            }

            return await work.ReadAsync();
        }));

        app.Routes.Refusals.ShouldHaveSingleItem().ShouldBeOfType<CommandInQueryException>();
        Should.Throw<Cqrs.Routing.Testing.RoutingAssertionException>(() => Cqrs.Routing.Testing.RouteRecorderAssertions.AssertNoQueryWrote(app.Routes));
    }

    [Fact]
    public async Task BeginCommand_in_the_handler_of_a_query_says_what_to_change()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<CommandInQueryException>(() => app.SendAsync(new GetReport(async work =>
        {
            using var command = RouteScope.BeginCommand();
            return await work.SaveAsync();
        })))).ShouldSay("GetReport is a query", "RouteScope.BeginCommand(SendingQueryTests.", "Make GetReport a command");
    }

    [Fact]
    public async Task A_query_inside_a_command_sees_the_commands_own_rows_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(work => work.Sender.Send(new PlaceOrder(async inner =>
        {
            await inner.SaveAsync("biscuits");
            return await inner.Sender.Send(new GetReport(async query => await query.Shop.Orders.CountAsync(order => order.Product == "biscuits")));
        })));

        routed.ShouldBe(plain);
        routed.ShouldBe(1);
    }

    [Fact]
    public async Task ForcePrimary_does_not_let_a_query_write()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new GetReport(async work =>
        {
            using var primary = RouteScope.ForcePrimary();
            return await work.SaveAsync();
        })))).ShouldSay("GetReport is a query and cannot write", "Make the request a command (ICommand)");
    }
}
