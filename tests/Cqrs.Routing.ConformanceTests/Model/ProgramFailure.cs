namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>A step of a random program failed as the rules say it should.</summary>
public sealed class ProgramFailure(Outcome outcome) : Exception(outcome.ToString())
{
    public Outcome Outcome { get; } = outcome;
}
