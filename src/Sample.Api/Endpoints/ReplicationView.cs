namespace Sample.Api.Endpoints;

/// <summary>How the replica stands, for the page: what its health check says, which is what routing goes by; and what the visitor's session still needs from it.</summary>
internal sealed record ReplicationView(
    string Provider, bool HasReplica, double LongestDelaySeconds, double DelaySeconds, bool CanPause, bool Paused, double LagSeconds,
    string? ReplicaPosition, string? SessionPosition, string Health, string? HealthText);
