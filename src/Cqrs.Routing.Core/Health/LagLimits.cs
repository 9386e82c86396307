namespace Cqrs.Routing.Health;

/// <summary>
/// Holds the limits of a replica's lag. Time alone misleads if the primary writes little, and bytes alone mislead in a burst. If both are set, both have to be exceeded.
/// </summary>
internal readonly record struct LagLimits(TimeSpan? Time, long? Bytes)
{
    public bool AreExceededBy(TimeSpan? time, long? bytes) =>
        (Time is not null || Bytes is not null)
        && (Time is null || time > Time)
        && (Bytes is null || bytes > Bytes);

    /// <summary>Returns whether a limit is set for a value that could not be measured.</summary>
    public bool Miss(TimeSpan? time, long? bytes) => (Time is not null && time is null) || (Bytes is not null && bytes is null);
}
