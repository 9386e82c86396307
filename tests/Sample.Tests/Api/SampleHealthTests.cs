using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Cqrs.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api;
using Sample.Infrastructure.Replication;

namespace Sample.Tests.Api;

/// <summary>The health endpoints and the page report the same state of the replica, and routing follows it.</summary>
public sealed class SampleHealthTests(SampleFactory factory) : IClassFixture<SampleFactory>
{
    private readonly HttpClient _client = factory.CreateClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task A_probe_is_answered_with_one_word(string path) => (await _client.GetStringAsync(path, Token)).ShouldBe("Healthy");

    [Fact]
    public async Task All_checks_are_told_with_what_they_measured()
    {
        await factory.Replication.CatchUpAsync(Token);

        var report = await GetAsync(_client, "health");

        report["status"]!.ToString().ShouldBe("Healthy");
        report["checks"]!["routing self-check"]!["status"]!.ToString().ShouldBe("Healthy");
        var replica = report["checks"]!["replica"]!;
        replica["data"]!["circuit"]!.ToString().ShouldBe("closed");
        replica["data"]!["lagSeconds"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0);
        replica["description"]!.ToString().ShouldStartWith("The replica serves: ");
    }

    [Fact]
    public async Task The_routing_self_check_ran_at_the_start()
    {
        var report = factory.Services.GetRequiredService<RoutingSelfCheck>().LastReport.ShouldNotBeNull();

        report.Level.ShouldBe(SelfCheckSeverity.Ok, report.ToString());
        report.Findings.ShouldContain(finding => finding.Subject == "Requests" && finding.Message.EndsWith("have a handler", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Beyond_its_limit_the_replica_is_degraded_and_the_primary_serves()
    {
        await using var sample = new SampleFactory();
        await using var limited = sample.WithWebHostBuilder(builder => builder.UseSetting("Replica:MaxLag", "00:00:00.5"));
        using var client = limited.CreateClient();
        await limited.Services.GetRequiredService<IReplication>().PauseAsync(Token);
        await client.PlaceOrderAsync();

        for (var clock = Stopwatch.StartNew(); (await GetAsync(client, "api/replication"))["health"]!.ToString() != "Degraded";)
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(50, Token);
        }

        (await GetAsync(client, "api/replication"))["healthText"]!.ToString().ShouldStartWith("The replica lags beyond its limits: ");
        using var list = await client.GetAsync("api/orders", Token);
        list.Route().ShouldBe("ListOrders: Primary (ReplicaLagging)");
        using var health = await client.GetAsync("health", Token);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await health.JsonAsync())["status"]!.ToString().ShouldBe("Degraded");

        await limited.Services.GetRequiredService<IReplication>().CatchUpAsync(Token);
        (await GetAsync(client, "api/replication"))["health"]!.ToString().ShouldBe("Healthy");
        using var back = await client.GetAsync("api/orders", Token);
        back.Route().ShouldBe("ListOrders: Replica (Query)");
    }

    [Fact]
    public async Task The_program_does_not_start_with_a_replica_of_another_primary()
    {
        var folder = Directory.CreateTempSubdirectory("sample-tests-");
        var own = $"Data Source={folder.FullName}/own.db;Pooling=False";
        var other = $"Data Source={folder.FullName}/other.db;Pooling=False";
        await Program.Main(["--tour", $"--ConnectionStrings:Primary={other}"]);
        string[] settings = [$"--ConnectionStrings:Primary={own}", $"--ConnectionStrings:Replica={other}", "--urls=http://127.0.0.1:0"];
        await using var app = WebHost.Build(settings);

        var error = await Should.ThrowAsync<RoutingSelfCheckException>(() => app.StartAsync(Token));

        error.Report!.Findings.ShouldContain(finding => finding.Severity == SelfCheckSeverity.Error && finding.Message.EndsWith("it holds another database [CR106]", StringComparison.Ordinal));
        (await Program.Main(["--tour", .. settings])).ShouldBe(1);
        folder.Delete(recursive: true);
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonNode>(path, Token))!;
}
