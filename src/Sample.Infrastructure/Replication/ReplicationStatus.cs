namespace Sample.Infrastructure.Replication;

/// <summary>How the replica stands.</summary>
/// <param name="CanPause">Whether this replication can be paused here.</param>
/// <param name="Paused">Whether it is.</param>
/// <param name="Lag">The age of the oldest change that the replica does not show yet; zero when it shows everything.</param>
public sealed record ReplicationStatus(bool CanPause, bool Paused, TimeSpan Lag);
