using System.Net;
using System.Net.Http.Json;

namespace Sample.Tests.Api;

/// <summary>Shadow mode over HTTP.</summary>
public sealed class SampleRolloutTests(SampleFactory factory) : IClassFixture<SampleFactory>
{
    private readonly HttpClient _client = factory.CreateClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shadow_mode_is_switched_while_the_application_runs()
    {
        (await RouteOfListAsync()).ShouldBe("ListOrders: Replica (Query)");

        await ChangeAsync(0);
        (await RouteOfListAsync()).ShouldBe("ListOrders: Primary (Shadow)");
        (await _client.PostAsync("/api/mistakes/query-that-writes", null, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.GetStringAsync("/api/rollout", Token)).ShouldContain("MarkOrderSeen (1 of 1 run)");

        await ChangeAsync(100);
        (await RouteOfListAsync()).ShouldBe("ListOrders: Replica (Query)");
        (await _client.PostAsync("/api/mistakes/query-that-writes", null, Token)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _client.DeleteAsync("/api/rollout/report", Token)).EnsureSuccessStatusCode();
        (await _client.GetStringAsync("/api/rollout", Token)).ShouldContain("no request ran in shadow mode");
    }

    [Fact]
    public async Task A_percentage_that_is_none_is_refused() =>
        (await _client.PutAsJsonAsync("/api/rollout", new { percent = 101 }, Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    private async Task ChangeAsync(int percent) => (await _client.PutAsJsonAsync("/api/rollout", new { percent }, Token)).EnsureSuccessStatusCode();

    private async Task<string> RouteOfListAsync() => (await _client.GetAsync("/api/orders", Token)).Headers.GetValues("X-Route").Single();
}
