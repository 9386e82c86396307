namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>An entity that the program keeps.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="NotTracked">Whether it was read without tracking, so that it loads without tracking, too.</param>
public sealed record Held(object Entity, bool NotTracked);
