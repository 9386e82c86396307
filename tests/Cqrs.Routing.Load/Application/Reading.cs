namespace Cqrs.Routing.Load.Application;

/// <summary>What a query read in one statement, and which server answered it.</summary>
internal sealed record Reading(long Own, long Shared, bool OnReplica);
