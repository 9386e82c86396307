using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Errors in the registration of an application are reported when the host starts or earlier.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task Routing_without_MediatR_fails_at_start()
    {
        var error = await FailToStartAsync(services => services.AddRoutingBehavior());

        error.ShouldBe(
            "AddRoutingBehavior() was called, but MediatR is not registered, so nothing would be routed. "
            + "Call services.AddMediatR(...) as well, or remove AddRoutingBehavior(). [CR244]");
    }

    [Fact]
    [Trait("Case", "C205")]
    public async Task A_required_replica_that_no_context_has_fails_at_start()
    {
        var error = await FailToStartAsync(services => Routed(services).AddDbContext<ShopContext>(context => context.UseSqlite("Data Source=shop.db")));

        error.ShouldBe(
            "RoutingOptions.RequireReplica is set, but no registered context has a replica. "
            + "Call .UseReplica(\"...\") where a context is added, or do not require it. [CR220]");
    }

    [Fact]
    [Trait("Case", "C205")]
    public async Task A_required_replica_that_is_null_fails_at_start_and_names_the_contexts_once_each()
    {
        var error = await FailToStartAsync(services => Routed(services)
            .AddDbContext<ShopContext>(context => context.UseSqlite("Data Source=shop.db"))
            .AddDbContext<ShopContext>(context => context.UseReplica(null))
            .AddDbContextPool<Shop<StartupTests>>(context => context.UseSqlite("Data Source=shop.db").UseReplica(null))
            .AddDbContext<Shop<int>>(context => context.UseSqlite("Data Source=shop.db").UseReplica("Data Source=replica.db")));

        error.ShouldBe(
            "RoutingOptions.RequireReplica is set, but ShopContext, Shop<StartupTests> called UseReplica without a replica. "
            + "Pass its connection string, or do not require it. [CR221]");
    }

    [Fact]
    [Trait("Case", "C205")]
    public async Task A_required_replica_that_is_there_lets_the_host_start() => await StartAsync(services => Routed(services)
        .AddDbContextPool<ShopContext>(context => context.UseSqlite("Data Source=shop.db").UseReplica("Data Source=replica.db"))
        .AddDbContext<Shop<StartupTests>>(context => context.UseSqlite("Data Source=other.db")));

    [Fact]
    [Trait("Case", "C205")]
    public async Task A_required_replica_that_is_null_fails_the_first_query_where_no_host_starts()
    {
        await using var services = Routed(new ServiceCollection().AddLogging())
            .AddDbContext<ShopContext>(context => context.UseSqlite("Data Source=:memory:").UseReplica(null))
            .BuildServiceProvider(validateScopes: true);
        await using var scope = services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => sender.Send(new Read(async handling => await handling.Db.Orders.CountAsync())));

        error.Message.ShouldBe(
            "RoutingOptions.RequireReplica is set, but ShopContext called UseReplica without a replica. Pass its connection string, or do not require it. [CR221]");
    }

    [Fact]
    public void A_request_with_both_markers_is_refused_by_AddRoutingBehavior()
    {
        var services = new ServiceCollection().AddTransient<IRequestHandler<Both, int>, BothHandler>();

        var error = Should.Throw<InvalidOperationException>(() => services.AddRoutingBehavior());

        error.Message.ShouldBe(
            "The request 'StartupTests.Both' implements both a query and a command marker, so it cannot be routed. "
            + "Make it a query (it only reads) or a command (it may write), not both. [CR206]");
    }

    [Fact]
    public async Task A_request_with_both_markers_is_refused_when_it_is_sent_if_its_handler_came_later()
    {
        await using var services = Routed(new ServiceCollection().AddLogging()).AddTransient<IRequestHandler<Both, int>, BothHandler>().BuildServiceProvider();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => services.GetRequiredService<ISender>().Send(new Both()));

        error.Message.ShouldStartWith("The request 'StartupTests.Both' implements both a query and a command marker");
    }

    [Fact]
    public async Task A_request_that_two_conventions_claim_is_refused_when_it_is_sent()
    {
        await using var services = Routed(new ServiceCollection().AddLogging(), options => options.TreatAsQuery(_ => true).TreatAsCommand(_ => true)).BuildServiceProvider();

        var error = await Should.ThrowAsync<InvalidOperationException>(
            () => services.GetRequiredService<ISender>().Send(new Neither(handling => Task.CompletedTask)));

        error.Message.ShouldStartWith("The request 'Neither' matches a query and a command convention");
    }

    private static IServiceCollection Routed(IServiceCollection services, Action<RoutingOptions>? configure = null) => services
        .AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>())
        .AddRoutingBehavior(configure ?? (options => options.RequireReplica = true));

    private static async Task<string> FailToStartAsync(Action<IServiceCollection> configure) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => StartAsync(configure))).Message;

    private static async Task StartAsync(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }

    public sealed record Both : IQuery<int>, ICommand<int>;

    public sealed class BothHandler : IRequestHandler<Both, int>
    {
        public Task<int> Handle(Both request, CancellationToken cancellationToken) => Task.FromResult(0);
    }
}
