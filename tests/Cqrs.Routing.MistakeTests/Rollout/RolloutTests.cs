using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.MistakeTests.Rollout;

/// <summary>Settings in the section RoutingRollout.</summary>
public sealed class RolloutTests
{
    [Fact]
    public async Task A_misspelled_request_is_named_with_how_to_write_names()
    {
        await using var app = Create(("RoutingRollout:Requests:GetReportz", "0"));

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);

        app.Log.ShouldBeOnlyWarning(37, "RoutingRolloutOptions.Requests", "GetReportz", "Write the name as in C#");
    }

    [Fact]
    public async Task A_misspelled_request_is_a_warning_of_the_self_check()
    {
        await using var app = Create(("RoutingRollout:Requests:GetReportz", "0"));

        (await app.CheckAsync()).ToString().ShouldSay("RoutingRolloutOptions.Requests", "GetReportz", "Write the name as in C#");
    }

    [Fact]
    public async Task The_handlers_name_instead_of_the_requests_is_named()
    {
        await using var app = Create(("RoutingRollout:Requests:GetReportHandler", "0"));

        await app.ReadAsync();

        app.Log.ShouldBeOnlyWarning(37, "GetReportHandler", "Write the name as in C#");
    }

    [Fact]
    public async Task A_misspelled_setting_keeps_the_host_from_starting() =>
        await ShouldNotStartAsync([("RoutingRollout:Percnt", "0")], "RoutingRollout: Percnt is not a setting", "The settings are Percent and Requests");

    [Fact]
    public async Task A_request_beside_Requests_keeps_the_host_from_starting() =>
        await ShouldNotStartAsync([("RoutingRollout:GetReport", "0")], "RoutingRollout: GetReport is not a setting", "request types belong under Requests");

    [Fact]
    public async Task A_percentage_above_100_keeps_the_host_from_starting() =>
        await ShouldNotStartAsync([("RoutingRollout:Percent", "150")], "RoutingRollout: Percent is 150", "a whole number between 0 and 100");

    [Fact]
    public async Task A_fraction_as_the_percentage_keeps_the_host_from_starting() =>
        await ShouldNotStartAsync([("RoutingRollout:Percent", "0.5")], "'0.5'", "RoutingRollout:Percent");

    [Fact]
    public async Task A_negative_percentage_of_a_request_keeps_the_host_from_starting() =>
        await ShouldNotStartAsync([("RoutingRollout:Requests:GetReport", "-1")], "RoutingRollout: GetReport is -1", "a whole number between 0 and 100");

    [Fact]
    public async Task A_request_that_is_switched_off_with_a_word_keeps_the_host_from_starting() =>
        await ShouldNotStartAsync([("RoutingRollout:Requests:GetReport", "off")], "GetReport", "'off'");

    [Fact]
    public async Task A_wrong_setting_while_the_application_runs_is_logged_and_the_former_one_stays()
    {
        var configuration = new ConfigurationManager();
        configuration["RoutingRollout:Percent"] = "100";
        await using var app = Create(configuration);
        await app.ReadAsync();

        configuration["RoutingRollout:Percent"] = "150";
        ((IConfigurationRoot)configuration).Reload();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        app.Log.Warnings.ShouldAllBe(line => line.Id == 30);
        app.Log.Warnings[0].Text.ShouldSay("the former setting stays", "Percent is 150", "between 0 and 100");
    }

    [Fact]
    public async Task A_shadow_mode_that_was_forgotten_is_a_warning_of_the_self_check()
    {
        await using var app = Create(("RoutingRollout:Percent", "0"));

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).Message.ShouldSay("shadow mode", "RoutingRolloutOptions");
    }

    private static async Task ShouldNotStartAsync((string Key, string Value)[] settings, params string[] words)
    {
        await using var app = Create(settings);

        (await Should.ThrowAsync<Exception>(app.StartAsync)).ShouldSay(words);
    }

    private static ShopApp Create(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in settings)
            configuration[key] = value;
        return Create(configuration);
    }

    private static ShopApp Create(ConfigurationManager configuration)
    {
        var app = ShopApp.CreateRight();
        app.Services.AddSingleton<IConfiguration>(configuration);
        app.Services.Configure<RoutingRolloutOptions>(configuration.GetSection(RoutingRolloutOptions.SectionName));
        return app;
    }
}
