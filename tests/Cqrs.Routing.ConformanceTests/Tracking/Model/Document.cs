namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>A table per concrete type.</summary>
public abstract class Document : Named;
