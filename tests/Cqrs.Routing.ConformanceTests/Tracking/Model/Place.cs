namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>A table per type.</summary>
public class Place : Named;
