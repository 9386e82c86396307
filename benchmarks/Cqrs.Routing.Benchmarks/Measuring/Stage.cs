namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>Candidates, and what they need.</summary>
/// <param name="Candidates">The candidates.</param>
/// <param name="Owner">What they need.</param>
/// <param name="Prepare">To be done before they are measured.</param>
internal sealed record Stage(IReadOnlyList<Candidate> Candidates, IDisposable Owner, Func<Task>? Prepare = null);
