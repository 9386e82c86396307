namespace Sample.Api.Traces;

/// <summary>One line of the page's log.</summary>
/// <param name="Id">Grows with every line.</param>
/// <param name="At">When it happened last.</param>
/// <param name="Source">The HTTP request, or the tour.</param>
/// <param name="Status">The HTTP status of the answer; null for the tour.</param>
/// <param name="Steps">Which server answered, and why.</param>
/// <param name="PrimaryCommands">The database commands that the primary executed.</param>
/// <param name="ReplicaCommands">The database commands that the replica executed.</param>
/// <param name="Times">How often the same thing happened in a row.</param>
internal sealed record RouteLogEntry(
    int Id,
    DateTimeOffset At,
    string Source,
    int? Status,
    IReadOnlyList<RouteStep> Steps,
    int PrimaryCommands,
    int ReplicaCommands,
    int Times)
{
    public bool LooksLike(RouteLogEntry other) =>
        Source == other.Source && Status == other.Status && PrimaryCommands == other.PrimaryCommands
        && ReplicaCommands == other.ReplicaCommands && Steps.SequenceEqual(other.Steps);
}
