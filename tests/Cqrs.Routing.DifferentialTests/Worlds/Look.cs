namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>A query that tracks nothing. A type of its own, as a request type that was seen to track may begin on the primary from then on.</summary>
public sealed record Look(Func<Handling, Task> Body) : IQuery<object?>;
