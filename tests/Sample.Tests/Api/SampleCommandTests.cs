using System.Net;
using System.Net.Http.Json;

namespace Sample.Tests.Api;

public sealed class SampleCommandTests(SampleFactory factory) : IClassFixture<SampleFactory>
{
    private readonly HttpClient _client = factory.CreateClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_reports_a_total_that_it_has_not_committed_yet()
    {
        var id = await _client.PlaceOrderAsync("payer@example.com", unitPrice: 21);

        using var response = await _client.PostAsync($"api/orders/{id}/pay");

        response.Route().ShouldBe("PayOrder: Primary (Command), GetCustomerTotal: Primary (InsideCommand)");
        var receipt = await response.JsonAsync();
        ((decimal)receipt["amount"]!).ShouldBe(42);
        ((int)receipt["customer"]!["paidOrders"]!).ShouldBe(1);
        ((int)receipt["customer"]!["points"]!).ShouldBe(42);
    }

    [Fact]
    public async Task A_second_payment_is_refused_although_the_replica_shows_the_order_unpaid()
    {
        var id = await _client.PlaceOrderAsync();
        await factory.Replication.CatchUpAsync(Token);
        await factory.Replication.PauseAsync(Token);
        using var first = await _client.PostAsync($"api/orders/{id}/pay");

        using var onReplica = await _client.GetAsync($"api/orders/{id}", Token);
        using var second = await _client.PostAsync($"api/orders/{id}/pay");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await onReplica.JsonAsync())["status"]!.ToString().ShouldBe("Placed");
        second.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        second.Route().ShouldBe("PayOrder: Primary (Command)");
        (await second.JsonAsync())["detail"]!.ToString().ShouldBe($"Order {id} is Paid already.");
        await factory.Replication.ResumeAsync(Token);
    }

    [Fact]
    public async Task An_order_that_is_cancelled_stays_cancelled()
    {
        var id = await _client.PlaceOrderAsync();

        using var first = await _client.PostAsync($"api/orders/{id}/cancel");
        using var second = await _client.PostAsync($"api/orders/{id}/cancel");

        first.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        first.Route().ShouldBe("CancelOrder: Primary (Command)");
        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_order_that_does_not_exist_cannot_be_cancelled()
    {
        using var response = await _client.PostAsync("api/orders/4711/cancel");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_order_without_lines_is_refused_before_the_database_is_asked()
    {
        using var response = await _client.PostAsJsonAsync(
            "api/orders", new { email = "nobody", name = "", lines = Array.Empty<object>() }, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync())["detail"]!.ToString().ShouldContain("An order needs at least one line.");
    }

    [Fact]
    public async Task Concurrent_orders_of_a_new_customer_share_the_customer()
    {
        var orders = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _client.PlaceOrderAsync("together@example.com")));

        orders.Distinct().Count().ShouldBe(20);
        using var receipt = await _client.PostAsync($"api/orders/{orders[0]}/pay");
        using var second = await _client.PostAsync($"api/orders/{orders[19]}/pay");
        ((int)(await second.JsonAsync())["customer"]!["paidOrders"]!).ShouldBe(2);
    }
}
