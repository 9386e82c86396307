using Microsoft.Extensions.Configuration;

namespace Cqrs.Routing.MistakeTests.Strings;

public sealed class ReplicaStringTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public async Task A_string_that_configuration_does_not_have_is_named_once(string? missing)
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(missing)).AddMediator().AddRouting();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);
        await app.ReadAsync();

        app.Log.ShouldBeOnlyInformation(41, "ShopContext has no replica", "check the name that the connection string is read by", "RequireReplica");
    }

    [Fact]
    public async Task A_string_of_PostgreSQL_on_SQLite_is_refused() =>
        await ShouldBeRefusedAsync(_ => "Host=reader;Database=shop", "cannot be used with Sqlite", "'host'", "connection string that this provider accepts");

    [Fact]
    public async Task A_misspelled_keyword_is_refused() =>
        await ShouldBeRefusedAsync(app => app.Replica.Replace("Source", "Sorce", StringComparison.Ordinal), "cannot be used with Sqlite", "'data sorce'", "connection string that this provider accepts");

    [Fact]
    public async Task A_file_name_alone_is_refused() =>
        await ShouldBeRefusedAsync(_ => "replica.db", "cannot be used with Sqlite", "connection string that this provider accepts");

    [Fact]
    public async Task A_named_string_that_the_configuration_lacks_is_refused()
    {
        await using var app = new ShopApp();
        app.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica("Name=Replica")).AddMediator().AddRouting();

        (await Should.ThrowAsync<InvalidOperationException>(app.ReadAsync)).ShouldSay("'Replica'", "not found");
    }

    [Fact]
    public async Task A_string_that_cannot_be_read_fails_a_command_too()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica("replica.db")).AddMediator().AddRouting();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(PlaceOrder.Right))).ShouldSay("The replica of ShopContext", "UseReplica a connection string that this provider accepts");
    }

    [Fact]
    public async Task A_string_that_cannot_be_read_is_an_error_of_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica("replica.db")).AddMediator().AddRouting();

        var report = await app.CheckAsync();

        report.Passed.ShouldBeFalse();
        report.ToString().ShouldSay("The replica of ShopContext cannot be used with Sqlite", "connection string that this provider accepts");
    }

    [Fact]
    public async Task A_missing_file_warns_that_the_query_falls_back()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.FileOf("missing.db"))).AddMediator().AddRouting();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(8, "GetReport continues on the primary", "ShopContext", "SqliteException", "the connection string that UseReplica gets");
    }

    [Fact]
    public async Task A_missing_file_is_a_warning_of_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.FileOf("missing.db"))).AddMediator().AddRouting();

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).Message.ShouldSay("missing.db does not answer", "SqliteException", "UseReplica(");
    }

    [Fact]
    public async Task A_missing_file_fails_the_query_if_falling_back_is_off()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.FileOf("missing.db"), replica => replica.FallbackToPrimary = false)).AddMediator().AddRouting();

        (await Should.ThrowAsync<ReplicaUnavailableException>(app.ReadAsync)).ShouldSay("The replica of ShopContext cannot serve GetReport", "ReplicaOptions.FallbackToPrimary is off");
    }

    [Fact]
    public async Task A_string_that_lets_the_replica_be_written_is_opened_read_only_all_the_same()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica + ";Mode=ReadWriteCreate")).AddMediator().AddRouting();

        await Should.ThrowAsync<Exception>(() => app.SendAsync(new GetReport(async work =>
        {
            var connection = work.Shop.Database.GetDbConnection();
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO Orders (Product) VALUES ('raw')";
            return await command.ExecuteNonQueryAsync();
        })));

        (await app.CountOrdersAsync(app.Replica)).ShouldBe(1);
    }

    [Fact]
    public async Task A_primary_whose_string_is_read_only_is_named_when_a_command_fails()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Replica + ";Mode=ReadOnly").UseReplica(app.Primary)).AddMediator().AddRouting();

        await Should.ThrowAsync<DbUpdateException>(() => app.SendAsync(PlaceOrder.Right));

        app.Log.ShouldBeOnlyWarning(25, "The primary of ShopContext takes no writes", "connection strings", "swapped");
    }

    private static async Task ShouldBeRefusedAsync(Func<ShopApp, string> replica, params string[] words)
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(replica(app))).AddMediator().AddRouting();

        (await Should.ThrowAsync<InvalidOperationException>(app.ReadAsync)).ShouldSay(["The replica of ShopContext", .. words]);
    }
}
