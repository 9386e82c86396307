namespace Cqrs.Routing;

/// <summary>Holds the findings of shadow mode for one request type.</summary>
public sealed record ShadowedRequest
{
    internal ShadowedRequest(string request, string name, bool isQuery, long runs) => (Request, Name, IsQuery, Runs) = (request, name, isQuery, runs);

    /// <summary>Gets the request type, with its namespace.</summary>
    public string Request { get; }

    /// <summary>Gets its name without the namespace.</summary>
    public string Name { get; internal init; }

    /// <summary>Gets whether it is a query. Other requests run on the primary anyway.</summary>
    public bool IsQuery { get; }

    /// <summary>Gets how often it ran in shadow mode.</summary>
    public long Runs { get; }

    /// <summary>
    /// Gets the number of runs by the reason for their route: <see cref="RouteReason.Query"/> means the replica. A query that would have asked the replica first counts
    /// as served by it. If it was one of those <see cref="Sampled"/>, it also counts under the replica's answer.
    /// </summary>
    public IReadOnlyDictionary<RouteReason, long> Outcomes { get; internal init; } = new Dictionary<RouteReason, long>();

    /// <summary>Gets the number of runs for which the replica was really asked for its position in the background. This is a sample.</summary>
    public long Sampled { get; internal init; }

    /// <summary>
    /// Gets the number of <see cref="Sampled"/> runs for which the replica lacked writes of the session, or was older than <see cref="MaxStalenessAttribute"/> allows.
    /// </summary>
    public long Stale => Outcomes.GetValueOrDefault(RouteReason.NotCaughtUp) + Outcomes.GetValueOrDefault(RouteReason.TooStale);

    /// <summary>
    /// Gets the number of runs that would have asked for the replica and then moved to the primary. The replica was stale, its position unknown, or it could not serve;
    /// or the run sent a command.
    /// </summary>
    public long Escalated => Outcomes.Where(outcome => outcome.Key.Has(RouteReasonTraits.Escalation)).Sum(outcome => outcome.Value);

    /// <summary>Gets the number of runs that tried to write: <see cref="QueryWriteException"/>.</summary>
    public long Writes { get; internal init; }

    /// <summary>Gets at most five different write attempts, without values.</summary>
    public IReadOnlyList<string> WriteAttempts { get; internal init; } = [];

    /// <summary>Gets the number of runs that sent a command: <see cref="CommandInQueryException"/>.</summary>
    public long Commands { get; internal init; }

    /// <summary>Gets at most five different commands that were sent.</summary>
    public IReadOnlyList<string> SentCommands { get; internal init; } = [];

    /// <summary>Gets the number of runs that left the connection of a context open, which would have been closed when the query ended.</summary>
    public long LeftOpen { get; internal init; }

    /// <summary>
    /// Gets the number of runs that answered although one of their statements failed. If the replica causes such a failure, the query is not run again on the primary.
    /// </summary>
    public long SwallowedErrors { get; internal init; }
}
