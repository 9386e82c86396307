namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>Reads one row with each of so many contexts, of which all stay in use until the end.</summary>
internal sealed record ReadSeveral(int Contexts) : IQuery<string>;
