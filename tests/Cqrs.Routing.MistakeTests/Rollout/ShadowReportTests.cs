namespace Cqrs.Routing.MistakeTests.Rollout;

/// <summary>The mistakes that shadow mode finds before anything is refused.</summary>
public sealed class ShadowReportTests
{
    [Fact]
    public async Task A_report_without_shadow_mode_says_so()
    {
        await using var app = ShopApp.CreateRight();
        await app.ReadAsync();

        app.Provider.GetRequiredService<ShadowReport>().ToString().ShouldSay("no request ran in shadow mode", "RoutingRolloutOptions");
    }

    [Fact]
    public async Task A_query_that_writes_is_reported() =>
        (await ReportAsync(work => work.SaveAsync())).ShouldSay("GetReport (1 of 1 run) is a query and would have been refused as a write", "SaveChanges", "Make it a command (ICommand)");

    [Fact]
    public async Task A_query_that_sends_a_command_is_reported() =>
        (await ReportAsync(work => work.Sender.Send(PlaceOrder.Right))).ShouldSay("GetReport", "refused for sending PlaceOrder", "Make it a command", "RoutingOptions.AllowCommandsInQueries");

    [Fact]
    public async Task A_query_that_leaves_a_connection_open_is_reported() => (await ReportAsync(async work =>
    {
        await work.Shop.Database.OpenConnectionAsync();
        return await work.ReadAsync();
    })).ShouldSay("GetReport", "left a connection open", "CloseConnectionAsync");

    [Fact]
    public async Task A_query_that_tracks_is_reported() =>
        (await ReportAsync(async work => await work.Shop.Orders.ToListAsync())).ShouldSay("Tracks what it reads", "AsNoTracking()", "GetReport");

    [Fact]
    public async Task A_query_that_turns_an_error_of_the_database_into_an_answer_is_reported() => (await ReportAsync(async work =>
    {
        try
        {
            return await work.Shop.Orders.FromSqlRaw("SELECT * FROM Nowhere").AsNoTracking().ToListAsync();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            return null;
        }
    })).ShouldSay("GetReport (1 of 1 run) answered although a statement failed", "Let the driver's errors through");

    [Fact]
    public async Task A_query_in_a_transaction_of_its_caller_is_reported()
    {
        await using var app = CreateInShadow(app => app.Replica);

        await app.InScopeAsync(async work =>
        {
            await using var transaction = await work.Shop.Database.BeginTransactionAsync();
            return await work.Sender.Send(GetReport.Right);
        });

        app.Provider.GetRequiredService<ShadowReport>().ToString().ShouldSay("GetReport", "OpenConnection", "open it around commands only");
    }

    [Fact]
    public async Task A_replica_whose_string_cannot_be_read_is_reported()
    {
        await using var app = CreateInShadow(_ => "replica.db");

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);

        app.Provider.GetRequiredService<ShadowReport>().ToString().ShouldSay("The replica cannot be used", "ShopContext", "a connection string that this provider accepts");
    }

    [Fact]
    public async Task A_replica_that_is_missing_is_reported()
    {
        await using var app = CreateInShadow(_ => null);

        await app.ReadAsync();

        app.Provider.GetRequiredService<ShadowReport>().ToString().ShouldSay("GetReport", "NoReplica", "Name the replica with UseReplica(...)");
    }

    private static async Task<string> ReportAsync(Func<Work, Task<object?>> handler)
    {
        await using var app = CreateInShadow(app => app.Replica);
        await app.SendAsync(new GetReport(handler));
        return app.Provider.GetRequiredService<ShadowReport>().ToString();
    }

    private static ShopApp CreateInShadow(Func<ShopApp, string?> replica)
    {
        var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(replica(app))).AddMediator().AddRouting();
        app.Services.Configure<RoutingRolloutOptions>(rollout => rollout.Percent = 0);
        return app;
    }
}
