using Sample.Api.Traces;

namespace Sample.Api.Tour;

/// <summary>What a step did.</summary>
internal sealed record TourResult(TourStep Step, RouteTrace Trace, bool DataAsExpected)
{
    public bool Passed => DataAsExpected && Trace.Steps.SequenceEqual(Step.Routes) && ServersReached == Step.Servers;

    private TourServers ServersReached =>
        (Trace.PrimaryCommands > 0 ? TourServers.Primary : TourServers.None)
        | (Trace.ReplicaCommands > 0 ? TourServers.Replica : TourServers.None);
}
