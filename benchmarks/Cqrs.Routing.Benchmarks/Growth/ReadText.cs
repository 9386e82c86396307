namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>Sends a text of the application's own.</summary>
internal sealed record ReadText(Func<string> Sql) : IQuery<string>;
