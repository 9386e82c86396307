using Cqrs.Routing.ConformanceTests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests.Diagnostics;

/// <summary>Work without a mediator is as visible as requests are: scopes have names, and what is outside any request is counted.</summary>
public sealed class OutsideRequestTests(PairFixture<SqlitePair> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    [Fact]
    public async Task A_scope_is_named_after_its_caller_in_log_metric_and_report()
    {
        const string Name = $"RouteScope.BeginQuery({nameof(OutsideRequestTests)}.{nameof(A_scope_is_named_after_its_caller_in_log_metric_and_report)})";
        using var counted = new Measurements(Name);
        var log = new LogLines(LogLevel.Debug);
        await using var app = Start(options => options.ConfigureServices = log.AddTo);

        await app.InScopeAsync(async handling =>
        {
            using var query = RouteScope.BeginQuery();
            await handling.Db.Orders.CountAsync();
        });

        app.Log.Counts.ShouldBe((0, 1));
        log.All.ShouldContain($"{Name}: ShopContext on Replica (Query) [CR005]");
        counted.All.ShouldBe(["cqrs.routing.decisions 1 ShopContext Replica Query"]);
    }

    [Fact]
    public async Task A_scope_has_the_name_that_it_was_given()
    {
        var log = new LogLines(LogLevel.Debug);
        await using var app = Start(options => options.ConfigureServices = log.AddTo);

        await app.InScopeAsync(async handling =>
        {
            using (RouteScope.BeginQuery("totals of the day"))
                await handling.Db.Orders.CountAsync();
            using (RouteScope.BeginCommand("close the day"))
                await handling.Db.Orders.CountAsync();
        });

        log.All.ShouldBe(["RouteScope.BeginQuery(totals of the day): ShopContext on Replica (Query) [CR005]", "RouteScope.BeginCommand(close the day): ShopContext on Primary (Command) [CR005]"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_operation_outside_any_request_counts_once(bool writes)
    {
        await using var app = Start(options => options.ConfigureServices = static services => services.Configure<RoutingRolloutOptions>(static rollout => rollout.Percent = 0));

        await app.InScopeAsync(async handling =>
        {
            if (writes)
                await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Version, order => order.Version + 1));
            else
                await handling.Db.Orders.ToListAsync();
        });

        app.Services.GetRequiredService<ShadowReport>().OutsideRequests.ShouldHaveSingleItem().ShouldBe(new("ShopContext", 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    [InlineData("orders:list")]
    [InlineData("two\nlines")]
    public void A_name_that_no_log_or_configuration_can_hold_is_refused(string? name)
    {
        Should.Throw<ArgumentException>(() => RouteScope.BeginQuery(name!)).ParamName.ShouldBe("name");
        Should.Throw<ArgumentException>(() => RouteScope.BeginCommand(name!)).ParamName.ShouldBe("name");
    }

    [Theory]
    [InlineData("RouteScope.BeginQuery(totals)", RouteReason.Shadow, RouteReason.Query)]
    [InlineData("RouteScope.BeginQuery()", RouteReason.Shadow, RouteReason.Shadow)]
    public async Task A_rollout_names_one_scope_or_all_of_them(string key, RouteReason totals, RouteReason others)
    {
        await using var app = Start(options => options.ConfigureServices = services => services.Configure<RoutingRolloutOptions>(rollout => rollout.Requests[key] = 0));

        (await ReasonOfAsync("totals")).ShouldBe(totals);
        (await ReasonOfAsync("details")).ShouldBe(others);

        async Task<RouteReason> ReasonOfAsync(string name)
        {
            await app.InScopeAsync(async handling =>
            {
                using var query = RouteScope.BeginQuery(name);
                await handling.Db.Orders.CountAsync();
            });
            return app.Routes.Records[^1].Reason;
        }
    }

    [Fact]
    public async Task A_use_outside_any_request_is_in_log_metric_and_report()
    {
        using var counted = new Measurements("(no request)");
        var log = new LogLines(LogLevel.Debug);
        await using var app = Start(options => options.ConfigureServices = services =>
        {
            log.AddTo(services);
            services.Configure<RoutingRolloutOptions>(static rollout => rollout.Percent = 0);
        });

        await app.InScopeAsync(handling => handling.Db.Orders.CountAsync());

        app.Log.Counts.ShouldBe((1, 0));
        log.All.ShouldBe(["(no request): ShopContext on Primary (NoRequest) [CR005]"]);
        counted.All.ShouldContain("cqrs.routing.decisions 1 ShopContext Primary NoRequest");
        var report = app.Services.GetRequiredService<ShadowReport>();
        report.OutsideRequests.ShouldHaveSingleItem().ShouldBe(new("ShopContext", 1));
        report.ToString().ShouldContain("Used outside any request, so on the primary (RouteScope.BeginQuery(\"name\") around reads lets the replica serve them): ShopContext (1 use).");
        report.Clear();
        report.OutsideRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_that_used_no_routed_context_is_not_on_the_primary_by_design()
    {
        await using var app = Start(options => options.ConfigureServices = static services => services.Configure<RoutingRolloutOptions>(static rollout => rollout.Percent = 0));

        await app.SendAsync(new Read(async _ =>
        {
            await using var own = Pair.Direct(Server.Primary);
            await own.Orders.CountAsync();
        }));

        var report = app.Services.GetRequiredService<ShadowReport>().ToString();
        report.ShouldContain("Used no context that is routed, so the library did not see what they read (another connection, such as one of Dapper, is not routed): Read (1).");
        report.ShouldNotContain("by design");
    }
}
