namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Something that a program can see, or leaves behind.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Where">The turn or act that it was seen at.</param>
/// <param name="Text">What was seen.</param>
/// <param name="MayBeStale">Whether it may come from the replica.</param>
/// <param name="Detail">What helps to understand it and is not compared.</param>
public sealed record Observation(ObservationKind Kind, string Where, string Text, bool MayBeStale, string? Detail);
