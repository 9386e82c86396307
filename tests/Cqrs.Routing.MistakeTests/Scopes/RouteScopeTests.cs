namespace Cqrs.Routing.MistakeTests.Scopes;

/// <summary>Scopes without a mediator.</summary>
public sealed class RouteScopeTests
{
    [Fact]
    public async Task BeginQuery_without_AddCqrsRoutingCore_logs_what_to_call()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));

        await app.InScopeAsync(async work =>
        {
            using var query = RouteScope.BeginQuery();
            return await work.ReadAsync();
        });

        app.Log.ShouldBeOnlyWarning(4, "ShopContext", "services.AddCqrsRoutingCore() without MediatR");
    }

    [Fact]
    public async Task BeginQuery_that_is_not_disposed_refuses_the_next_write_and_names_the_scope()
    {
        await using var app = CreateWithoutMediator();

        (await Should.ThrowAsync<QueryWriteException>(() => app.InScopeAsync(async work =>
        {
            RouteScope.BeginQuery();
            await work.ReadAsync();
            return await work.SaveAsync();
        }))).ShouldSay("RouteScope.BeginQuery(RouteScopeTests.", ") is a query and cannot write", "ShopContext", "Dispose the scope", "RouteScope.BeginCommand()");
    }

    [Fact]
    public async Task BeginQuery_around_a_write_logs_what_to_begin()
    {
        await using var app = CreateWithoutMediator();

        await Should.ThrowAsync<QueryWriteException>(() => app.InScopeAsync(async work =>
        {
            using var query = RouteScope.BeginQuery();
            return await work.SaveAsync();
        }));

        app.Log.ShouldBeOnlyWarning(33, "RouteScope.BeginQuery(RouteScopeTests.", "ShopContext", "Dispose the scope", "RouteScope.BeginCommand()");
    }

    [Fact]
    public async Task ForcePrimary_that_is_not_disposed_is_the_reason_of_every_later_query()
    {
        await using var app = ShopApp.CreateRight();

        await app.InScopeAsync(async work =>
        {
            RouteScope.ForcePrimary();
            await work.Sender.Send(GetReport.Right);
            return RouteScope.Explain().ToString().ShouldNotBeNull();
        });

        app.Routes.GetRecords<GetReport>()[^1].Reason.ShouldBe(RouteReason.ForcedPrimary);
        string.Join("; ", app.Routes.GetRecords<GetReport>()[^1].Steps).ShouldSay("RouteScope.ForcePrimary()");
    }

    [Fact]
    public void A_scope_that_is_disposed_twice_is_harmless()
    {
        using (RouteScope.ForcePrimary())
        {
            var query = RouteScope.BeginQuery();
            query.Dispose();
            query.Dispose();

            RouteScope.Current.Reason.ShouldBe(RouteReason.ForcedPrimary);
        }

        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
    }

    [Fact]
    public void Scopes_that_are_disposed_out_of_order_leave_nothing_behind()
    {
        var outer = RouteScope.BeginQuery();
        var inner = RouteScope.ForcePrimary();

        outer.Dispose();
        inner.Dispose();

        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
    }

    [Fact]
    public async Task A_write_outside_any_scope_is_saved_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(work => work.SaveAsync());

        routed.ShouldBe(plain);
    }

    [Fact]
    public async Task A_read_outside_any_scope_reads_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(work => work.ReadAsync());

        routed.ShouldBe(plain);
    }

    [Fact]
    public async Task A_read_outside_any_scope_explains_itself()
    {
        await using var app = CreateWithoutMediator();

        (await app.InScopeAsync(async work =>
        {
            await work.ReadAsync();
            return work.Shop.Database.ExplainRoute();
        })).Steps.ShouldContain(step => step.Contains("no request is running"));
    }

    [Fact]
    public async Task A_write_and_a_read_with_a_pooled_context_and_no_session_are_warned_of()
    {
        await using var app = new ShopApp();
        app.Services.AddDbContextPool<ShopContext>(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));
        app.Services.AddCqrsRoutingCore();

        await app.InScopeAsync(async work =>
        {
            using (RouteScope.BeginCommand())
                await work.SaveAsync();
            using (RouteScope.BeginQuery())
                return await work.ReadAsync();
        });

        app.Log.ShouldBeOnlyWarning(12, "its session was not passed on", "RoutingSession.Begin()");
    }

    private static ShopApp CreateWithoutMediator()
    {
        var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));
        app.Services.AddCqrsRoutingCore();
        return app;
    }
}
