namespace Sample.Api.Endpoints;

/// <summary>How the replica stands, for the page.</summary>
internal sealed record ReplicationView(
    string Provider, bool HasReplica, double LongestDelaySeconds, double DelaySeconds, bool CanPause, bool Paused, double LagSeconds);
