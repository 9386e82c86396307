namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>Not in the model at all.</summary>
public sealed record OrderLabel(int Id, string Name);
