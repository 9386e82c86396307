namespace Cqrs.Routing.Health;

/// <summary>Holds the settings in <see cref="ReplicaOptions"/> that affect a replica's health. Contexts with equal settings share it.</summary>
internal sealed record ReplicaHealthOptions(
    bool FallBack, int? MaxFallbacksPerSecond, TimeSpan BreakDuration, TimeSpan? MaxLag, long? MaxLagBytes, TimeSpan MonitorInterval)
{
    public LagLimits Limits => new(MaxLag, MaxLagBytes);

    public static ReplicaHealthOptions From(ReplicaOptions options) =>
        new(options.FallbackToPrimary, options.MaxFallbacksPerSecond, options.BreakDuration, options.MaxLag, options.MaxLagBytes, options.MonitorInterval);
}
