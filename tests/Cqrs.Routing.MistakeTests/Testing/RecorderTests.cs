using Cqrs.Routing.Testing;

namespace Cqrs.Routing.MistakeTests.Testing;

/// <summary>Assertions of <c>Cqrs.Routing.Testing</c> that check nothing, or the wrong thing.</summary>
public sealed class RecorderTests
{
    [Fact]
    public async Task AssertRoute_of_a_request_that_was_never_sent_lists_the_others()
    {
        await using var app = ShopApp.CreateRight();
        await app.ReadAsync();

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<PlaceOrder>(DatabaseRole.Primary)).ShouldSay("PlaceOrder", "it was not sent", "Recorded requests: GetReport");
    }

    [Fact]
    public async Task AssertRoute_of_a_base_type_lists_what_was_sent()
    {
        await using var app = ShopApp.CreateRight();
        await app.ReadAsync();

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<IQuery<object?>>(DatabaseRole.Replica)).ShouldSay("it was not sent", "Recorded requests: GetReport");
    }

    [Fact]
    public async Task AssertRoute_in_another_container_says_where_to_look()
    {
        await using var app = ShopApp.CreateRight();
        await using var other = ShopApp.CreateRight();
        await app.ReadAsync();

        Should.Throw<RoutingAssertionException>(() => other.Routes.AssertRoute<GetReport>(DatabaseRole.Replica)).ShouldSay("Nothing was recorded at all", "AddRouteRecorder()", "container");
    }

    [Fact]
    public async Task AssertRoute_of_the_wrong_server_lists_the_decisions()
    {
        await using var app = ShopApp.CreateRight();
        await app.ReadAsync();

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<GetReport>(DatabaseRole.Primary)).ShouldSay("GetReport should have run on Primary", "ShopContext: Replica (Query)");
    }

    [Fact]
    public async Task AssertRoute_with_the_wrong_reason_lists_the_decisions()
    {
        await using var app = ShopApp.CreateRight();
        await app.SendAsync(PlaceOrder.Right);

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<PlaceOrder>(DatabaseRole.Primary, RouteReason.NoReplica)).ShouldSay("PlaceOrder should have run on Primary (NoReplica)", "ShopContext: Primary (Command)");
    }

    [Fact]
    public async Task AssertRoute_of_a_query_without_a_context_says_what_is_missing()
    {
        await using var app = ShopApp.CreateRight();
        await app.SendAsync(new GetReport(_ => Task.FromResult<object?>("cached")));

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<GetReport>(DatabaseRole.Replica)).ShouldSay("GetReport", "used no context that is routed", "Does the context call UseReplica");
    }

    [Fact]
    public async Task AssertRoute_of_a_query_whose_context_lacks_UseReplica_says_what_is_missing()
    {
        await using var app = ShopApp.CreatePlain();
        app.AddRouting();
        await app.ReadAsync();

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<GetReport>(DatabaseRole.Replica)).ShouldSay("GetReport", "Does the context call UseReplica");
    }

    [Fact]
    public async Task AssertRoute_of_a_query_that_uses_another_context_than_the_one_with_UseReplica_says_what_is_missing()
    {
        await using var app = ShopApp.CreatePlain();
        app.Services.AddDbContext<AuditContext>(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));
        app.AddRouting();
        await app.ReadAsync();

        Should.Throw<RoutingAssertionException>(() => app.Routes.AssertRoute<GetReport>(DatabaseRole.Replica)).ShouldSay("GetReport", "Does the context call UseReplica");
    }

    [Fact]
    public async Task AssertNoQueryWrote_before_anything_was_sent_fails()
    {
        await using var app = ShopApp.CreateRight();

        Should.Throw<RoutingAssertionException>(app.Routes.AssertNoQueryWrote).ShouldSay("no request was recorded", "AddRouteRecorder()");
    }

    [Fact]
    public async Task AssertNoQueryWrote_without_UseReplica_fails()
    {
        await using var app = ShopApp.CreatePlain();
        app.AddRouting();
        await app.SendAsync(new GetReport(work => work.SaveAsync()));

        Should.Throw<RoutingAssertionException>(app.Routes.AssertNoQueryWrote).ShouldSay("no write was checked", "Does the context call UseReplica");
    }

    [Fact]
    public async Task AssertNoQueryWrote_finds_a_refusal_that_the_handler_swallowed()
    {
        await using var app = ShopApp.CreateRight();
        await app.SendAsync(new GetReport(async work =>
        {
            await Should.ThrowAsync<QueryWriteException>(work.SaveAsync());
            return null;
        }));

        Should.Throw<RoutingAssertionException>(app.Routes.AssertNoQueryWrote).ShouldSay("GetReport is a query and cannot write", "Make the request a command (ICommand)");
    }

    [Fact]
    public async Task A_recorder_that_was_not_added_is_named_by_the_container()
    {
        await using var app = new ShopApp();
        app.Services.AddRoutingBehavior();

        Should.Throw<InvalidOperationException>(() => app.Routes).ShouldSay("Cqrs.Routing.RouteRecorder");
    }
}
