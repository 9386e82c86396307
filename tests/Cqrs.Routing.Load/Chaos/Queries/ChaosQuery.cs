namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>A query that, whatever else it reads, reads a row of its session's own and the one that all share.</summary>
internal abstract record ChaosQuery(int Own, int Shared) : IQuery<Answer>;
