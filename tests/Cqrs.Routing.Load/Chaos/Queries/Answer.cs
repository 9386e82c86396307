using Cqrs.Routing.Load.Application;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>What a query of the chaos run found.</summary>
/// <param name="Readings">What it read of the session's own row and the shared one, in this order.</param>
/// <param name="Wrong">What cannot be true of the rest; null if nothing.</param>
internal sealed record Answer(IReadOnlyList<Reading> Readings, string? Wrong = null);
