namespace Cqrs.Routing;

/// <summary>What shadow mode found out about one request type.</summary>
/// <param name="Request">The request type, with its namespace.</param>
/// <param name="Name">Its name without the namespace.</param>
/// <param name="IsQuery">Whether it is a query; what is not runs on the primary anyway.</param>
/// <param name="Runs">How often it ran in shadow mode.</param>
public sealed record ShadowedRequest(string Request, string Name, bool IsQuery, long Runs)
{
    /// <summary>
    /// Where its runs would have read, by reason: <see cref="RouteReason.Query"/> is the replica. A query that would have asked the replica first is counted as
    /// one that it serves, and again under what the replica answered if it was one of those <see cref="Sampled"/>.
    /// </summary>
    public required IReadOnlyDictionary<RouteReason, long> Outcomes { get; init; }

    /// <summary>Runs for which the replica was really asked how far it had replayed, beside the request. A sample.</summary>
    public required long Sampled { get; init; }

    /// <summary>Those of <see cref="Sampled"/> for which the replica was behind what the session had written, or older than <see cref="MaxStalenessAttribute"/> allows.</summary>
    public long Stale => Outcomes.GetValueOrDefault(RouteReason.NotCaughtUp) + Outcomes.GetValueOrDefault(RouteReason.TooStale);

    /// <summary>Runs that would have asked for the replica and gone to the primary after all: it was stale, its position unknown, or it could not serve; or they sent a command.</summary>
    public long Escalated => Outcomes.Where(outcome => IsEscalation(outcome.Key)).Sum(outcome => outcome.Value);

    /// <summary>Runs that tried to write: <see cref="QueryWriteException"/>.</summary>
    public required long Writes { get; init; }

    /// <summary>How they tried. No values, and at most five.</summary>
    public required IReadOnlyList<string> WriteAttempts { get; init; }

    /// <summary>Runs that sent a command: <see cref="CommandInQueryException"/>.</summary>
    public required long Commands { get; init; }

    /// <summary>The commands. At most five.</summary>
    public required IReadOnlyList<string> SentCommands { get; init; }

    /// <summary>Runs that left the connection of a context open, which would have been closed when the query ended.</summary>
    public required long LeftOpen { get; init; }

    /// <summary>Runs that answered although one of their statements failed: where that is the replica's fault, the query is not run again on the primary.</summary>
    public required long SwallowedErrors { get; init; }

    private static bool IsEscalation(RouteReason reason) => reason
        is RouteReason.NotCaughtUp or RouteReason.TooStale or RouteReason.PositionUnknown or RouteReason.AfterInnerCommand
        or RouteReason.ReplicaUnavailable or RouteReason.ReplicaLagging or RouteReason.NotAReplica;
}
