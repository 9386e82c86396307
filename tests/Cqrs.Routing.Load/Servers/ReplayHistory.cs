namespace Cqrs.Routing.Load.Servers;

/// <summary>How a standby was held up.</summary>
internal sealed record ReplayHistory(TimeSpan Total, IReadOnlyList<TimeSpan> Pauses)
{
    public override string ToString() => Pauses.Count == 0
        ? "never paused"
        : $"paused {Pauses.Count} times, {Pauses.Sum(pause => pause.TotalSeconds) / Total.TotalSeconds:P0} of {Total.TotalSeconds:F1} s, "
            + $"at most {Pauses.Max().TotalMilliseconds:F0} ms at a time";
}
