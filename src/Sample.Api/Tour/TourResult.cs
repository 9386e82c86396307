using Cqrs.Routing;
using Sample.Api.Traces;

namespace Sample.Api.Tour;

/// <summary>What a step did.</summary>
internal sealed record TourResult(TourStep Step, RouteTrace Trace, bool DataAsExpected)
{
    public bool Passed =>
        DataAsExpected
        && Trace.Steps.SequenceEqual(Step.Routes)
        && Trace.PrimaryCommands > 0 == Step.Servers.Contains(DatabaseRole.Primary)
        && Trace.ReplicaCommands > 0 == Step.Servers.Contains(DatabaseRole.Replica);
}
