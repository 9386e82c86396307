using System.Text;

namespace Cqrs.Routing.Testing;

/// <summary>Assertions about the routes of requests. They throw <see cref="RoutingAssertionException"/> and work with every test framework.</summary>
public static class RouteRecorderAssertions
{
    private const string NothingRouted = "Does the context call UseReplica, and does the request use that context and no other connection?";

    /// <summary>Asserts that a request ran on the expected server.</summary>
    /// <typeparam name="TRequest">The request type as it was sent, not a base type.</typeparam>
    /// <param name="recorder">The application's recorder.</param>
    /// <param name="route">The server that all contexts of the request should have used, each time it was sent since
    /// <see cref="RouteRecorder.Clear"/>.</param>
    /// <param name="reason">The expected reason; null for any reason.</param>
    /// <exception cref="RoutingAssertionException">
    /// The request was not sent, ran on another server or ran for another reason. The message lists its decisions. Also thrown if the replica is expected
    /// and the request used no context that calls <c>UseReplica</c>.
    /// </exception>
    /// <remarks>If the primary is expected and the request used no such context, the assertion checks the decision of the request itself.</remarks>
    public static void AssertRoute<TRequest>(this RouteRecorder recorder, DatabaseRole route, RouteReason? reason = null)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        var decisions = recorder.GetRecords<TRequest>();
        var bound = decisions.Where(record => record.Context is not null).ToList();
        var deciding = bound.Count > 0 ? bound : decisions;
        var expected = $"{typeof(TRequest).Name} should have run on {route}{(reason is null ? "" : $" ({reason})")}";
        if (deciding.Count == 0)
            throw new RoutingAssertionException($"{expected}, but it was not sent. {Others(recorder.Records)} [CR301]");
        if (bound.Count == 0 && route == DatabaseRole.Replica)
            throw new RoutingAssertionException($"{expected}, but it used no context that is routed, so it read nothing from the replica. {NothingRouted} [CR302]");
        if (deciding.Any(record => record.Route != route || (reason is not null && record.Reason != reason)))
            throw new RoutingAssertionException($"{expected}, but these are its decisions, oldest first:{Listed(decisions)}{Environment.NewLine}[CR303]");
    }

    /// <summary>Asserts that no query wrote, tried to write or sent a command.</summary>
    /// <param name="recorder">The application's recorder.</param>
    /// <exception cref="RoutingAssertionException">
    /// A query tried to write or to send a command and was refused, even if the application caught the refusal. Or a query did so in shadow mode. The
    /// message lists each attempt. Also thrown if no request was recorded, or if none used a context that calls <c>UseReplica</c>, because then the
    /// assertion checked nothing.
    /// </exception>
    /// <remarks>
    /// Does not see writes that bypass EF Core (Dapper, raw ADO.NET). Only the database refuses those, if the connection is read-only. Commands that
    /// <see cref="RoutingOptions.AllowCommandsInQueries"/> allows count as commands.
    /// </remarks>
    public static void AssertNoQueryWrote(this RouteRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        if (recorder.Records.Count == 0)
            throw new RoutingAssertionException($"No query should have written, but no request was recorded. {Others([])} [CR304]");
        if (recorder.Records.All(record => record.Context is null) && recorder.Refusals.Count == 0)
            throw new RoutingAssertionException($"No query should have written, but no request used a context that is routed, so no write was checked. {NothingRouted} [CR305]");
        if (recorder.Refusals is { Count: > 0 } refusals)
            throw new RoutingAssertionException($"No query should have written, but these tried to:{Lines(refusals.Select(refusal => refusal.Message))}{Environment.NewLine}[CR306]");
    }

    private static string Others(IReadOnlyList<RouteRecord> records)
    {
        var sent = records.Select(record => record.Request?.Name).OfType<string>().Distinct().ToList();
        return sent.Count > 0
            ? $"Recorded requests: {string.Join(", ", sent)}."
            : "Nothing was recorded at all. Is AddRouteRecorder() called, and does the test use the container that the request was sent in?";
    }

    private static string Listed(IEnumerable<RouteRecord> records) =>
        Lines(records.Select(record => $"{record.Context?.Name ?? "as sent"}: {record.Route} ({record.Reason})"));

    private static string Lines(IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder(), static (text, line) => text.Append(Environment.NewLine).Append("  ").Append(line)).ToString();
}
