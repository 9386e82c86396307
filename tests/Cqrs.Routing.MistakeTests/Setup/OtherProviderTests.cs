using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.MistakeTests.Setup;

/// <summary>Options of EF Core that keep routing out.</summary>
public sealed class OtherProviderTests
{
    [Fact]
    public async Task InMemory_with_UseReplica_warns_that_nothing_leads_to_the_replica()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseInMemoryDatabase(app.Primary).UseReplica(app.Replica)).AddMediator().AddRouting();

        await app.SendAsync(new GetReport(async work => await work.Shop.Orders.CountAsync()));

        app.Log.ShouldBeOnlyWarning(3, "ShopContext", "its provider is not relational", "UseReplica(null)");
    }

    [Fact]
    public async Task InMemory_with_UseReplica_is_a_warning_of_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseInMemoryDatabase(app.Primary).UseReplica(app.Replica)).AddMediator().AddRouting();

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).ShouldSatisfyAllConditions(
            finding => finding.Subject.ShouldBe("ShopContext"),
            finding => finding.Message.ShouldSay("its provider is not relational"));
    }

    [Fact]
    public async Task UseInternalServiceProvider_warns_that_routing_and_the_guard_are_kept_out()
    {
        await using var app = new ShopApp();
        await using var services = new ServiceCollection().AddEntityFrameworkSqlite().BuildServiceProvider();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica).UseInternalServiceProvider(services)).AddMediator().AddRouting();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(3, "ShopContext", "UseInternalServiceProvider(...) removes routing", "Remove it, or remove UseReplica");
    }

    [Fact]
    public async Task A_replaced_connection_service_warns_which_one_to_replace()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica).ReplaceService<IRelationalConnection, OwnConnection>()).AddMediator().AddRouting();

        await app.InScopeAsync(work => Task.FromResult(work.Shop.Model.GetEntityTypes().Count()));

        app.Log.ShouldBeOnlyWarning(36, "ShopContext", "IRelationalConnection", "ReplaceService<ISqliteRelationalConnection, ");
    }

    [Fact]
    public async Task A_compiled_model_is_harmless()
    {
        await using var app = ShopApp.CreateRight();
        await using var plain = ShopApp.CreatePlain();
        var model = await plain.InScopeAsync(work => Task.FromResult(work.Shop.Model));
        app.Services.ConfigureDbContext<ShopContext>(options => options.UseModel(model));

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        app.Log.ShouldBeWithoutWarning();
    }

#pragma warning disable EF1001 // The class that an application derives from, if it has a connection of its own.
    private sealed class OwnConnection(
        RelationalConnectionDependencies dependencies,
        IRawSqlCommandBuilder builder,
        Microsoft.EntityFrameworkCore.Diagnostics.IDiagnosticsLogger<DbLoggerCategory.Infrastructure> logger)
        : Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal.SqliteRelationalConnection(dependencies, builder, logger);
#pragma warning restore EF1001
}
