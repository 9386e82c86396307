namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>A step outside any other, in one of the program's scopes.</summary>
public sealed record Turn(int Scope, Step Step);
