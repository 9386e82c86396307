using System.Text;

namespace Cqrs.Routing.Testing;

/// <summary>One assertion per question that a team asks about its routes. They throw <see cref="RoutingAssertionException"/>, whatever the test framework.</summary>
public static class RouteRecorderAssertions
{
    /// <summary>Which route did this request take?</summary>
    /// <typeparam name="TRequest">The request: as it was sent, not a base type.</typeparam>
    /// <param name="recorder">The application's recorder.</param>
    /// <param name="route">The server that all of its contexts should have gone to, each time it was sent since <see cref="RouteRecorder.Clear"/>.</param>
    /// <param name="reason">Why; null for any reason.</param>
    /// <exception cref="RoutingAssertionException">It was never sent, or went elsewhere, or for another reason; the message tells its decisions.</exception>
    /// <remarks>A request that used no context is judged by its own decision.</remarks>
    public static void AssertRoute<TRequest>(this RouteRecorder recorder, DatabaseRole route, RouteReason? reason = null)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        var decisions = recorder.GetRecords<TRequest>();
        var bound = decisions.Where(record => record.Context is not null).ToList();
        var deciding = bound.Count > 0 ? bound : decisions;
        var expected = $"{typeof(TRequest).Name} should have run on {route}{(reason is null ? "" : $" ({reason})")}";
        if (deciding.Count == 0)
            throw new RoutingAssertionException($"{expected}, but it was not sent. {Others(recorder.Records)}");
        if (deciding.Any(record => record.Route != route || (reason is not null && record.Reason != reason)))
            throw new RoutingAssertionException($"{expected}, but these are its decisions, oldest first:{Listed(decisions)}");
    }

    /// <summary>Did nothing write through a query, nor try to, nor send a command from it?</summary>
    /// <param name="recorder">The application's recorder.</param>
    /// <exception cref="RoutingAssertionException">
    /// A query tried to, and was refused, even if the application swallowed the refusal, or did it in shadow mode; the message tells each try. Or nothing was recorded at
    /// all, so that nobody knows.
    /// </exception>
    /// <remarks>
    /// A write that goes past EF (Dapper, raw ADO.NET) is refused by the database alone, where the connection is read-only, and is not seen here. Commands that
    /// <see cref="RoutingOptions.AllowCommandsInQueries"/> lets through count as what they are: commands.
    /// </remarks>
    public static void AssertNoQueryWrote(this RouteRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        if (recorder.Records.Count == 0)
            throw new RoutingAssertionException($"No query should have written, but no request was recorded. {Others([])}");
        if (recorder.Refusals is { Count: > 0 } refusals)
            throw new RoutingAssertionException($"No query should have written, but these tried to:{Lines(refusals.Select(refusal => refusal.Message))}");
    }

    private static string Others(IReadOnlyList<RouteRecord> records)
    {
        var sent = records.Select(record => record.Request?.Name).OfType<string>().Distinct().ToList();
        return sent.Count > 0
            ? $"Recorded were: {string.Join(", ", sent)}."
            : "Nothing was recorded at all. Is AddRouteRecorder() called, and does the test ask the container that the request was sent in?";
    }

    private static string Listed(IEnumerable<RouteRecord> records) =>
        Lines(records.Select(record => $"{record.Context?.Name ?? "as sent"}: {record.Route} ({record.Reason})"));

    private static string Lines(IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder(), static (text, line) => text.Append(Environment.NewLine).Append("  ").Append(line)).ToString();
}
