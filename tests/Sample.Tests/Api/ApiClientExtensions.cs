using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sample.Tests.Api;

internal static class ApiClientExtensions
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Places an order and returns its number.</summary>
    public static async Task<int> PlaceOrderAsync(this HttpClient client, string email = "alan@example.com", decimal unitPrice = 10)
    {
        using var response = await client.PostAsJsonAsync(
            "api/orders",
            new { email, name = "Alan Turing", lines = new[] { new { product = "Bombe", quantity = 2, unitPrice } } },
            Token);
        return (int)(await response.EnsureSuccessStatusCode().JsonAsync())["id"]!;
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path) => client.PostAsync(path, null, Token);

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonNode>(Token))!;

    /// <summary>Such as <c>ListOrders: Replica (Query)</c>.</summary>
    public static string Route(this HttpResponseMessage response) => string.Join("; ", response.Headers.GetValues("X-Route"));
}
