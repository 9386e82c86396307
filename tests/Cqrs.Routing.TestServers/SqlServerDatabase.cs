namespace Cqrs.Routing.TestServers;

/// <summary>
/// A database and its replica: a database snapshot, which shows the state of its last refresh and takes no writes (error 3906).
/// </summary>
/// <remarks>A snapshot has a name of its own, so <c>UseReplica</c> needs <c>AllowDifferentDatabaseName</c>.</remarks>
public sealed record SqlServerDatabase(string Name, string Primary, string Replica)
{
    internal string Snapshot => $"{Name}_snapshot";
}
