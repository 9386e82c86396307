namespace Cqrs.Routing.Health;

/// <summary>Whether one replica may serve queries: the one definition for the router, the health check and the sample's page. One per replica and process; thread safe.</summary>
internal sealed class ReplicaHealth
{
    /// <summary>Why the primary has to serve for the time being; null if the replica may.</summary>
    public RouteReason? Refusal => Survey?.Refusal;

    /// <summary>What was measured last; null if nothing was yet.</summary>
    public ReplicaSurvey? Survey { get; set; }
}
