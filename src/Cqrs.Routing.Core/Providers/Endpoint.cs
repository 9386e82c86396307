namespace Cqrs.Routing.Providers;

/// <summary>Identifies the target of a connection: a connection string without users, passwords, tenants and pool settings.</summary>
/// <param name="Server">Host and port, or file.</param>
/// <param name="Database">The database on the server.</param>
internal readonly record struct Endpoint(string Server, string Database);
