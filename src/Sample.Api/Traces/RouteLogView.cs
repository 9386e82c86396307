namespace Sample.Api.Traces;

/// <summary>The log as the page shows it.</summary>
/// <param name="PrimaryCommands">All database commands that the primary executed for requests.</param>
/// <param name="ReplicaCommands">All database commands that the replica executed for requests.</param>
/// <param name="Entries">Newest first.</param>
internal sealed record RouteLogView(int PrimaryCommands, int ReplicaCommands, IReadOnlyList<RouteLogEntry> Entries);
