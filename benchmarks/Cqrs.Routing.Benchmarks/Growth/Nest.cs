namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>A query that sends itself so many times, and reads a row on every level if asked to.</summary>
internal sealed record Nest(int Depth, bool Reads) : IQuery<string>;
