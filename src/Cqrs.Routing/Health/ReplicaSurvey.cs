namespace Cqrs.Routing.Health;

/// <summary>What was measured of a replica.</summary>
/// <param name="Refusal">Why it may not serve; null if it may.</param>
/// <param name="LagBytes">How much of the primary's log it has not replayed; null if unknown.</param>
/// <param name="LagTime">How old it is at most; null if unknown.</param>
internal sealed record ReplicaSurvey(RouteReason? Refusal, long? LagBytes, TimeSpan? LagTime);
