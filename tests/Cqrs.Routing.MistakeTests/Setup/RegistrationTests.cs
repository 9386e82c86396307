namespace Cqrs.Routing.MistakeTests.Setup;

public sealed class RegistrationTests
{
    [Fact]
    public async Task UseReplica_without_AddRoutingBehavior_logs_what_to_call()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica)).AddMediator();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(4, "ShopContext", "services.AddRoutingBehavior()");
    }

    [Fact]
    public async Task UseReplica_without_AddRoutingBehavior_is_an_error_of_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica)).AddMediator();
        app.Services.AddRoutingSelfCheck();

        (await Should.ThrowAsync<RoutingSelfCheckException>(app.StartAsync)).ShouldSay("services.AddRoutingBehavior()");
    }

    [Fact]
    public async Task AddRoutingBehavior_without_MediatR_keeps_the_host_from_starting()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica)).AddRouting();

        (await Should.ThrowAsync<Exception>(app.StartAsync)).ShouldSay("AddRoutingBehavior()", "MediatR is not registered", "services.AddMediatR(...)");
    }

    [Fact]
    public async Task AddRoutingBehavior_without_UseReplica_is_a_warning_of_the_self_check()
    {
        await using var app = ShopApp.CreatePlain();
        app.AddRouting();

        var finding = (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning);

        finding.Message.ShouldSay("no context calls UseReplica", ".UseReplica(");
    }

    [Fact]
    public async Task AddRoutingBehavior_without_UseReplica_is_named_when_the_host_starts()
    {
        await using var app = ShopApp.CreatePlain();
        app.AddRouting();

        await app.StartAsync();

        app.Log.ShouldBeOnlyWarning(43, "No registered context calls UseReplica", ".UseReplica(\"...\")");
    }

    [Fact]
    public async Task A_replica_in_OnConfiguring_is_not_taken_for_a_forgotten_one()
    {
        await using var app = new ShopApp();
        app.Services.AddDbContext<SelfConfiguredContext>();
        app.AddMediator().AddRouting();

        await app.StartAsync();

        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task AddRoutingBehavior_before_AddMediatR_is_harmless()
    {
        await using var app = new ShopApp();
        app.AddRouting().AddMediator().AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica));

        await ShouldBeRoutedAsync(app);
    }

    [Fact]
    public async Task AddRoutingBehavior_called_twice_is_harmless()
    {
        await using var app = ShopApp.CreateRight();
        app.AddRouting();

        await ShouldBeRoutedAsync(app);
        app.Routes.Records.Count(record => record.Context is not null).ShouldBe(2);
    }

    [Fact]
    public async Task UseReplica_before_UseSqlite_is_harmless()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseReplica(app.Replica).UseSqlite(app.Primary)).AddMediator().AddRouting();

        await ShouldBeRoutedAsync(app);
    }

    [Fact]
    public async Task UseReplica_called_twice_uses_the_last_string()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica("Data Source=old.db").UseReplica(app.Replica)).AddMediator().AddRouting();

        await ShouldBeRoutedAsync(app);
    }

    [Fact]
    public async Task UseReplica_on_the_registration_and_in_ConfigureDbContext_uses_the_later_one()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.ConfigureDbContext<ShopContext>(options => options.UseReplica(null));

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);
        app.Routes.GetRecords<GetReport>()[^1].Reason.ShouldBe(RouteReason.NoReplica);
    }

    [Fact]
    public async Task A_behavior_registered_before_routing_still_runs_inside_it()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica)).AddMediator();
        app.Services.AddTransient<IPipelineBehavior<GetReport, object?>, ReadingBehavior>();
        app.AddRouting();

        await app.ReadAsync();

        ReadingBehavior.Read.ShouldBe(ShopApp.OnReplica);
    }

    private static async Task ShouldBeRoutedAsync(ShopApp app)
    {
        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        (await app.SendAsync(new PlaceOrder(work => work.ReadAsync()))).ShouldBe(ShopApp.OnPrimary);
        app.Log.ShouldBeWithoutWarning();
    }

    private sealed class SelfConfiguredContext(DbContextOptions<SelfConfiguredContext> options) : DbContext(options)
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite("Data Source=none.db").UseReplica("Data Source=none.db");
    }

    private sealed class ReadingBehavior(IServiceProvider services) : IPipelineBehavior<GetReport, object?>
    {
        public static object? Read { get; private set; }

        public async Task<object?> Handle(GetReport request, RequestHandlerDelegate<object?> next, CancellationToken cancellationToken)
        {
            Read = await new Work(services, cancellationToken).ReadAsync();
            return await next();
        }
    }
}
