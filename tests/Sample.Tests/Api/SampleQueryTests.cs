using System.Net;

namespace Sample.Tests.Api;

public sealed class SampleQueryTests(SampleFactory factory) : IClassFixture<SampleFactory>
{
    private readonly HttpClient _client = factory.CreateClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_comes_from_the_replica()
    {
        using var response = await _client.GetAsync("api/orders", Token);

        response.Route().ShouldBe("ListOrders: Replica (Query)");
        (await response.JsonAsync()).AsArray().Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_fresh_list_comes_from_the_primary()
    {
        await factory.Replication.PauseAsync(Token);
        var id = await _client.PlaceOrderAsync();

        using var stale = await _client.GetAsync("api/orders", Token);
        using var fresh = await _client.GetAsync("api/orders?fresh=true", Token);

        fresh.Route().ShouldBe("ListOrders: Primary (ForcedPrimary)");
        (await stale.JsonAsync()).AsArray().ShouldNotContain(order => (int)order!["id"]! == id);
        (await fresh.JsonAsync()).AsArray().ShouldContain(order => (int)order!["id"]! == id);
        await factory.Replication.ResumeAsync(Token);
    }

    [Fact]
    public async Task Search_finds_a_product_in_any_case()
    {
        using var response = await _client.GetAsync("api/orders/search?text=MOTH", Token);

        response.Route().ShouldBe("SearchOrders: Replica (Query)");
        (await response.JsonAsync()).AsArray().ShouldHaveSingleItem()!["customer"]!.ToString().ShouldBe("Grace Hopper");
    }

    [Fact]
    public async Task An_order_comes_with_its_lines()
    {
        using var response = await _client.GetAsync("api/orders/1", Token);

        response.Route().ShouldBe("GetOrder: Replica (Query)");
        (await response.JsonAsync())["lines"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_unknown_order_is_not_found()
    {
        using var response = await _client.GetAsync("api/orders/4711", Token);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_export_is_streamed_from_the_replica()
    {
        using var response = await _client.GetAsync("api/orders/export", Token);

        response.Route().ShouldBe("ExportOrders: Replica (Query)");
        var lines = (await response.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Trim().ShouldBe("id,customer,email,status,total,placedAt");
        lines[2].ShouldStartWith("2,\"Grace Hopper\",\"grace@example.com\",Placed,9.47,");
    }

    [Fact]
    public async Task A_query_that_writes_is_refused()
    {
        using var response = await _client.PostAsync("api/mistakes/query-that-writes");

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.JsonAsync())["detail"]!.ToString().ShouldContain("MarkOrderSeen");
    }

    [Fact]
    public async Task A_list_that_is_too_long_is_refused()
    {
        using var response = await _client.GetAsync("api/orders?take=100000", Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
