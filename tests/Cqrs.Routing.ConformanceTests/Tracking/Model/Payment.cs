namespace Cqrs.Routing.ConformanceTests.Tracking.Model;

/// <summary>One table for the hierarchy.</summary>
public abstract class Payment : Named;
