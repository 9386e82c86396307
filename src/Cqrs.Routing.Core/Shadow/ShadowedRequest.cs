namespace Cqrs.Routing;

/// <summary>What shadow mode found out about one request type.</summary>
public sealed record ShadowedRequest
{
    internal ShadowedRequest(string request, string name, bool isQuery, long runs) => (Request, Name, IsQuery, Runs) = (request, name, isQuery, runs);

    /// <summary>Gets the request type, with its namespace.</summary>
    public string Request { get; }

    /// <summary>Gets its name without the namespace.</summary>
    public string Name { get; }

    /// <summary>Gets whether it is a query; what is not runs on the primary anyway.</summary>
    public bool IsQuery { get; }

    /// <summary>Gets how often it ran in shadow mode.</summary>
    public long Runs { get; }

    /// <summary>
    /// Where its runs would have read, by reason: <see cref="RouteReason.Query"/> is the replica. A query that would have asked the replica first is counted as
    /// one that it serves, and again under what the replica answered if it was one of those <see cref="Sampled"/>.
    /// </summary>
    public IReadOnlyDictionary<RouteReason, long> Outcomes { get; internal init; } = new Dictionary<RouteReason, long>();

    /// <summary>Runs for which the replica was really asked how far it had replayed, beside the request. A sample.</summary>
    public long Sampled { get; internal init; }

    /// <summary>Those of <see cref="Sampled"/> for which the replica was behind what the session had written, or older than <see cref="MaxStalenessAttribute"/> allows.</summary>
    public long Stale => Outcomes.GetValueOrDefault(RouteReason.NotCaughtUp) + Outcomes.GetValueOrDefault(RouteReason.TooStale);

    /// <summary>Runs that would have asked for the replica and gone to the primary after all: it was stale, its position unknown, or it could not serve; or they sent a command.</summary>
    public long Escalated => Outcomes.Where(outcome => outcome.Key.Has(RouteReasonTraits.Escalation)).Sum(outcome => outcome.Value);

    /// <summary>Runs that tried to write: <see cref="QueryWriteException"/>.</summary>
    public long Writes { get; internal init; }

    /// <summary>How they tried. No values, and at most five.</summary>
    public IReadOnlyList<string> WriteAttempts { get; internal init; } = [];

    /// <summary>Runs that sent a command: <see cref="CommandInQueryException"/>.</summary>
    public long Commands { get; internal init; }

    /// <summary>The commands. At most five.</summary>
    public IReadOnlyList<string> SentCommands { get; internal init; } = [];

    /// <summary>Runs that left the connection of a context open, which would have been closed when the query ended.</summary>
    public long LeftOpen { get; internal init; }

    /// <summary>Runs that answered although one of their statements failed: where that is the replica's fault, the query is not run again on the primary.</summary>
    public long SwallowedErrors { get; internal init; }
}
