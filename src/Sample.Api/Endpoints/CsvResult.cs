using System.Globalization;
using System.Text;
using Sample.Application.Orders;

namespace Sample.Api.Endpoints;

/// <summary>Writes orders as CSV while they are being read.</summary>
internal sealed class CsvResult(IAsyncEnumerable<OrderSummary> orders) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=orders.csv";

        await using var writer = new StreamWriter(httpContext.Response.Body, new UTF8Encoding(false));
        await writer.WriteLineAsync("id,customer,email,status,total,placedAt");
        await foreach (var order in orders.WithCancellation(httpContext.RequestAborted))
            await writer.WriteLineAsync(Line(order).AsMemory(), httpContext.RequestAborted);
    }

    private static string Line(OrderSummary order) => string.Join(',',
        order.Id.ToString(CultureInfo.InvariantCulture), Quote(order.Customer), Quote(order.Email), order.Status,
        order.Total.ToString("0.00", CultureInfo.InvariantCulture), order.PlacedAt.ToString("O", CultureInfo.InvariantCulture));

    // A spreadsheet runs a text that begins like a formula; the apostrophe keeps it a text.
    private static string Quote(string text) =>
        $"\"{(text is ['=' or '+' or '-' or '@', ..] ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
