namespace Cqrs.Routing.Positions;

/// <summary>A time by the clock of one process. The clock of another process may be ahead or behind.</summary>
/// <param name="Time">The time.</param>
/// <param name="Clock">The id of the process.</param>
internal readonly record struct Stamp(DateTimeOffset Time, uint Clock);
