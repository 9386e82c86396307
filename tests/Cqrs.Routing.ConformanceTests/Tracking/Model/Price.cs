namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>A temporal table, where the provider has them.</summary>
public class Price : Named;
