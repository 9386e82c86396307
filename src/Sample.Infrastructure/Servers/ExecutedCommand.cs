using Cqrs.Routing;

namespace Sample.Infrastructure.Servers;

/// <summary>A database command and the server that executed it.</summary>
public sealed record ExecutedCommand(DatabaseRole Server, string Text);
