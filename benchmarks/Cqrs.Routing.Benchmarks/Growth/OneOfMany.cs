namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>A request type of which there are as many as there are types to name it with.</summary>
internal sealed record OneOfMany<T> : IQuery<string>;
