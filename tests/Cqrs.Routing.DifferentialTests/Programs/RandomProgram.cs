namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>An application, and what it does. When the turns are over, every context that is left saves its changes.</summary>
/// <param name="Lifetime">How both contexts are registered.</param>
/// <param name="OfficeIsRouted">Whether the second context has a replica, too.</param>
/// <param name="Turns">What happens, one after the other.</param>
public sealed record RandomProgram(ContextLifetime Lifetime, bool OfficeIsRouted, Turn[] Turns);
