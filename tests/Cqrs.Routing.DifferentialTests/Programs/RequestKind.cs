namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>The ways to run a body of steps through the mediator.</summary>
public enum RequestKind
{
    Query,
    QueryOnPrimary,
    Stream,
    Command,
    CommandInTransaction,
    Unclassified,
}
