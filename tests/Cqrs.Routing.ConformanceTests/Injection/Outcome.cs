namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>What became of a request with a fault, and of what came after it.</summary>
/// <param name="HasFired">Whether the fault was met at all.</param>
/// <param name="Error">What the request threw; null if it has answered.</param>
/// <param name="Orders">The names of all orders on the primary in the end.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record Outcome(bool HasFired, string? Error, string Orders, IReadOnlyList<string> Problems);
