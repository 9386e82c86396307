using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Static state that outlives an application holds no reference to its container.</summary>
public sealed class DisposedApplicationTests(PairFixture<SqlitePair> fixture) : IClassFixture<PairFixture<SqlitePair>>, IAsyncLifetime
{
    private static readonly Dictionary<string, Func<RoutedApp, Func<Handling, Task>, Task>> Flows = new()
    {
        ["a query"] = (app, body) => app.SendAsync(new Read(body)),
        ["a command"] = (app, body) => app.SendAsync(new Write(body)),
        ["an unclassified request"] = (app, body) => app.SendAsync(new Neither(body)),
        ["a stream"] = (app, body) => app.InScopeAsync(async handling => await handling.Sender.CreateStream(new ReadStream(inner => OneAsync(inner, body))).ToListAsync()),
        ["a query inside a command"] = (app, body) => app.SendAsync(new Write(async handling => await handling.Sender.Send(new Read(body)))),
        ["RouteScope.BeginQuery"] = (app, body) => app.InScopeAsync(async handling =>
        {
            using var scope = RouteScope.BeginQuery();
            await body(handling);
        }),
        ["RouteScope.ForcePrimary"] = (app, body) => app.SendAsync(new Read(async handling =>
        {
            using var scope = RouteScope.ForcePrimary();
            await body(handling);
        })),
        ["a session"] = (app, body) => app.InScopeAsync(async handling =>
        {
            using var session = handling.Services.GetRequiredService<RoutingSession>().Begin();
            await handling.Sender.Send(new Write(body));
        }),
    };

    private readonly List<Timer> _timers = [];

    public static TheoryData<string> FlowNames => [.. Flows.Keys];

    private DatabasePair Pair => fixture.Pair;

    public async ValueTask InitializeAsync() => await Pair.ResetAsync();

    public ValueTask DisposeAsync()
    {
        _timers.ForEach(timer => timer.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Internal_services_of_EF_hold_on_to_no_container()
    {
        var application = await RunAsync(
            options => options.AddContexts = (services, _) => services.AddDbContext<Shop<WeakReference>>(context => context
                // A warnings configuration of its own makes this the first use of an internal service provider, which EF never lets go.
                .UseSqlite(Pair.Primary).UseReplica(Pair.Replica).ConfigureWarnings(warnings => warnings.Log((CoreEventId.ContextDisposed, LogLevel.Trace)))),
            app => app.SendAsync(new Read(async handling => await handling.Services.GetRequiredService<Shop<WeakReference>>().Orders.CountAsync())));

        IsKept(application).ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_pool_that_a_query_was_the_first_to_need_holds_on_to_no_container()
    {
        SqliteConnection.ClearAllPools();

        var application = await RunAsync(_ => { }, app => app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync())));

        IsKept(application).ShouldBeFalse();
    }

    // A driver does the same for each of its pools: the timer knows the flow that started it, and so the request.
    [Theory]
    [MemberData(nameof(FlowNames))]
    public async Task A_timer_that_was_started_inside_a_request_holds_on_to_no_container(string flow)
    {
        var application = await RunAsync(_ => { }, app => Flows[flow](app, StartTimerAsync));

        _timers.Count.ShouldBe(1);
        IsKept(application).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(FlowNames))]
    public async Task A_timer_that_was_started_inside_a_request_in_shadow_mode_holds_on_to_no_container(string flow)
    {
        var application = await RunAsync(
            options => options.ConfigureServices = services => services.Configure<RoutingRolloutOptions>(rollout => rollout.Percent = 0),
            app => Flows[flow](app, StartTimerAsync));

        _timers.Count.ShouldBe(1);
        IsKept(application).ShouldBeFalse();
    }

    private async Task StartTimerAsync(Handling handling)
    {
        await handling.Db.Orders.CountAsync();
        _timers.Add(new(static _ => { }, null, Timeout.Infinite, Timeout.Infinite));
    }

    private static async IAsyncEnumerable<object> OneAsync(Handling handling, Func<Handling, Task> body)
    {
        await body(handling);
        yield return 0;
    }

    // In a method of its own, so that no local of the test holds on to the application.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> RunAsync(Action<RoutedAppOptions> configure, Func<RoutedApp, Task> work)
    {
        await using var app = RoutedApp.Start(Pair, configure);
        await work(app);
        return new(app.Services);
    }

    private static bool IsKept(WeakReference application)
    {
        for (var i = 0; i < 10 && application.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return application.IsAlive;
    }
}
