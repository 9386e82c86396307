namespace Cqrs.Routing.TestServers;

/// <summary>The connection strings of one database on both servers.</summary>
public sealed record PostgresDatabase(string Primary, string Replica);
