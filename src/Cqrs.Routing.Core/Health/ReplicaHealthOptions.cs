namespace Cqrs.Routing.Health;

/// <summary>What <see cref="ReplicaOptions"/> say about a replica's health. Contexts that say the same share it.</summary>
internal sealed record ReplicaHealthOptions(
    bool FallBack, int? MaxFallbacksPerSecond, TimeSpan BreakDuration, TimeSpan? MaxLag, long? MaxLagBytes, TimeSpan MonitorInterval)
{
    public LagLimits Limits => new(MaxLag, MaxLagBytes);

    public static ReplicaHealthOptions From(ReplicaOptions options) =>
        new(options.FallbackToPrimary, options.MaxFallbacksPerSecond, options.BreakDuration, options.MaxLag, options.MaxLagBytes, options.MonitorInterval);
}
