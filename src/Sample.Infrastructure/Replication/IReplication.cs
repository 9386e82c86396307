namespace Sample.Infrastructure.Replication;

/// <summary>What the sample can do with the replication from the primary to the replica.</summary>
public interface IReplication
{
    /// <summary>The longest <see cref="Delay"/>; zero where the servers replicate at their own pace.</summary>
    TimeSpan LongestDelay { get; }

    /// <summary>The age of the state that the replica shows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than zero or more than <see cref="LongestDelay"/>.</exception>
    TimeSpan Delay { get; set; }

    /// <summary>Whether replication is paused, and how far the replica is behind.</summary>
    Task<ReplicationStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Freezes the replica as it is.</summary>
    /// <exception cref="NotSupportedException"><see cref="ReplicationStatus.CanPause"/> is false.</exception>
    Task PauseAsync(CancellationToken cancellationToken);

    /// <summary>Goes on after <see cref="PauseAsync"/>.</summary>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Resumes, and returns when the replica shows all that was committed before this call.</summary>
    Task CatchUpAsync(CancellationToken cancellationToken);
}
