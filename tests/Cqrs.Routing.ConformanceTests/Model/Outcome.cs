namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>How a step can fail, in the reference model as in the real run.</summary>
public enum Outcome
{
    CommandInQuery,
    WriteRefused,
    OpenOnReplica,
    Failed,
    Canceled,
}
