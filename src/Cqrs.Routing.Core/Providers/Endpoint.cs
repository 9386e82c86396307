namespace Cqrs.Routing.Providers;

/// <summary>Where a connection leads, whoever uses it: what is left of a connection string without users, passwords, tenants and pool settings.</summary>
/// <param name="Server">Host and port, or file.</param>
/// <param name="Database">The database there.</param>
internal readonly record struct Endpoint(string Server, string Database);
