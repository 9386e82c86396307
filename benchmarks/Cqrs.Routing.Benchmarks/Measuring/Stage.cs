namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>Candidates, and what they need.</summary>
internal sealed record Stage(IReadOnlyList<Candidate> Candidates, IDisposable Owner);
