using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cqrs.Routing.MistakeTests.SelfCheck;

public sealed class SelfCheckTests
{
    [Fact]
    public async Task A_mediator_with_AddCqrsRoutingCore_alone_is_seen_in_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica)).AddMediator();
        app.Services.AddCqrsRoutingCore();

        (await app.CheckAsync()).ToString().ShouldSay("no mediator is routed", "AddRoutingBehavior()");
    }

    [Fact]
    public async Task A_replica_without_tables_is_a_warning()
    {
        await using var app = new ShopApp();
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(new SqliteConnectionStringBuilder(app.Replica).DataSource)!, "empty.db"), []);
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.FileOf("empty.db"))).AddMediator().AddRouting();

        (await app.CheckAsync()).ToString().ShouldSay("ShopContext: its primary has tables, and its replica has none", "Check the connection string that UseReplica(...) gets");
    }

    [Fact]
    public async Task A_primary_that_cannot_be_opened_is_a_warning()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite("Data Source=/no/such/folder/shop.db").UseReplica(app.Replica)).AddMediator().AddRouting();

        (await app.CheckAsync()).ToString().ShouldSay("ShopContext: its replica answers but its primary does not");
    }

    [Fact]
    public async Task Migrations_that_the_replica_lacks_are_named()
    {
        await using var app = ShopApp.CreateRight();
        await MigrateAsync(app, app.Primary, "20261101000000_Initial");

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).Message
            .ShouldSay("its replica lacks migrations", "20261101000000_Initial", "Database.WaitForReplicaAsync(...)");
    }

    [Fact]
    public async Task Migrations_that_the_primary_lacks_keep_the_host_from_starting()
    {
        await using var app = ShopApp.CreateRight();
        await MigrateAsync(app, app.Replica, "20261101000000_Initial");
        app.Services.AddRoutingSelfCheck();

        (await Should.ThrowAsync<RoutingSelfCheckException>(app.StartAsync)).ShouldSay("ShopContext", "its replica has migrations that its primary lacks", "20261101000000_Initial", "swapped");
    }

    [Fact]
    public async Task A_health_check_of_a_context_without_UseReplica_says_so()
    {
        await using var app = ShopApp.CreatePlain();
        app.AddRouting();
        app.Services.AddHealthChecks().AddReplicaCheck<ShopContext>();

        (await CheckHealthAsync(app)).Description.ShouldNotBeNull().ShouldSay("The context does not call UseReplica");
    }

    [Fact]
    public async Task A_health_check_of_a_required_replica_that_is_missing_fails()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(null)).AddMediator().AddRouting(routing => routing.RequireReplica = true);
        app.Services.AddHealthChecks().AddReplicaCheck<ShopContext>();

        var health = await CheckHealthAsync(app);

        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldNotBeNull().ShouldSay("ShopContext called UseReplica without a replica", "Pass its connection string");
    }

    [Fact]
    public async Task A_health_check_of_a_context_that_is_not_registered_fails_and_names_it()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddHealthChecks().AddReplicaCheck<AuditContext>();

        var health = await CheckHealthAsync(app);

        health.Status.ShouldNotBe(HealthStatus.Healthy);
        health.Exception.ShouldNotBeNull().ShouldSay("AuditContext");
    }

    [Fact]
    public async Task A_health_check_of_a_replica_that_does_not_answer_fails()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.FileOf("missing.db"))).AddMediator().AddRouting();
        app.Services.AddHealthChecks().AddReplicaCheck<ShopContext>();

        var health = await CheckHealthAsync(app);

        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description.ShouldNotBeNull().ShouldSay("The replica does not answer");
    }

    [Fact]
    public async Task A_health_check_of_the_self_check_without_the_self_check_says_what_to_call()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddHealthChecks().AddRoutingSelfCheck();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => CheckHealthAsync(app));

        error.ShouldSay("services.AddRoutingSelfCheck()");
    }

    private static async Task<HealthReportEntry> CheckHealthAsync(ShopApp app) =>
        (await app.Provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Values.Single();

    private static async Task MigrateAsync(ShopApp app, string server, string migration)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL PRIMARY KEY, "ProductVersion" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsHistory" VALUES ('{migration}', '10.0.0');
            """;
        await command.ExecuteNonQueryAsync();
        app.ShouldNotBeNull();
    }
}
