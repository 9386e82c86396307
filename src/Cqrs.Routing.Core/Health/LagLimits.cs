namespace Cqrs.Routing.Health;

/// <summary>How far a replica may lag behind. Time alone would be wrong on a primary that writes little, bytes alone in a burst: with both, both have to be exceeded.</summary>
internal readonly record struct LagLimits(TimeSpan? Time, long? Bytes)
{
    public bool AreExceededBy(TimeSpan? time, long? bytes) =>
        (Time is not null || Bytes is not null)
        && (Time is null || time > Time)
        && (Bytes is null || bytes > Bytes);

    /// <summary>Whether a limit is set for something that could not be measured.</summary>
    public bool Miss(TimeSpan? time, long? bytes) => (Time is not null && time is null) || (Bytes is not null && bytes is null);
}
