namespace Sample.Infrastructure.Replication;

/// <summary>How the replica stands.</summary>
/// <param name="CanPause">Whether this replication can be paused here.</param>
/// <param name="Paused">Whether it is.</param>
/// <param name="Lag">Zero when the replica shows everything; otherwise the age of the oldest change that it does not show, or on PostgreSQL of the newest that it shows.</param>
/// <param name="Position">What the replica has replayed, as the sessions count it; null where the sample does not ask.</param>
public sealed record ReplicationStatus(bool CanPause, bool Paused, TimeSpan Lag, long? Position = null);
