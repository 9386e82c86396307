using System.Net;
using System.Net.Http.Json;

namespace Sample.Tests.Api;

public sealed class SampleReplicationTests(SampleFactory factory) : IClassFixture<SampleFactory>
{
    private readonly HttpClient _client = factory.CreateClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_delay_can_be_changed()
    {
        using var response = await _client.PutAsJsonAsync("api/replication", new { delaySeconds = 7.5 }, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        factory.Replication.Delay.ShouldBe(TimeSpan.FromSeconds(7.5));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3600)]
    public async Task A_delay_out_of_range_is_refused(double delaySeconds)
    {
        using var response = await _client.PutAsJsonAsync("api/replication", new { delaySeconds }, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_paused_replica_falls_behind_and_catches_up()
    {
        using var paused = await _client.PostAsync("api/replication/pause");
        var id = await _client.PlaceOrderAsync();

        using var before = await _client.GetAsync($"api/orders/{id}", Token);
        using var caughtUp = await _client.PostAsync("api/replication/catch-up");
        using var after = await _client.GetAsync($"api/orders/{id}", Token);

        before.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_log_tells_who_answered_and_counts_what_repeats()
    {
        for (var i = 0; i < 3; i++)
            (await _client.GetAsync("api/orders/2", Token)).Dispose();

        using var response = await _client.GetAsync("api/log", Token);
        var newest = (await response.JsonAsync())["entries"]![0]!;

        newest["source"]!.ToString().ShouldBe("GET /api/orders/2");
        newest["steps"]![0]!["route"]!.ToString().ShouldBe("Replica");
        ((int)newest["times"]!).ShouldBe(3);
        ((int)newest["primaryCommands"]!).ShouldBe(0);
        ((int)newest["replicaCommands"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("openapi/v1.json", "/api/orders/{id}/pay")]
    [InlineData("scalar", "scalar")]
    [InlineData("", "Which server answered?")]
    public async Task The_pages_are_there(string path, string content)
    {
        (await _client.GetStringAsync(path, Token)).ShouldContain(content);
    }
}
