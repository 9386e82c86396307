namespace Cqrs.Routing.Positions;

/// <summary>A time by the clock of one process, which the clock of another may be ahead of or behind.</summary>
/// <param name="Time">The time.</param>
/// <param name="Clock">Names the process.</param>
internal readonly record struct Stamp(DateTimeOffset Time, uint Clock);
