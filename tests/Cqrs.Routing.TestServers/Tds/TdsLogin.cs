namespace Cqrs.Routing.TestServers.Tds;

/// <summary>What a client said when it logged in.</summary>
public sealed record TdsLogin(string User, string Password, string Application, string Database, bool ReadOnlyIntent);
