namespace Sample.Infrastructure.Replication;

/// <summary>There is no replica, or its replication is not the sample's to control or to watch.</summary>
internal class UncontrolledReplication : IReplication
{
    public TimeSpan LongestDelay => TimeSpan.Zero;

    public TimeSpan Delay
    {
        get => TimeSpan.Zero;
        set => ArgumentOutOfRangeException.ThrowIfNotEqual(value, TimeSpan.Zero);
    }

    public Task<ReplicationStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ReplicationStatus(CanPause: false, Paused: false, TimeSpan.Zero));

    public Task PauseAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("The replication of this database cannot be paused from here.");

    public Task ResumeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task CatchUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
