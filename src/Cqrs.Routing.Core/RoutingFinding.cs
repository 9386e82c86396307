namespace Cqrs.Routing;

/// <summary>One thing that <see cref="RoutingProof"/> looked at.</summary>
/// <param name="Level">What it means.</param>
/// <param name="Subject">The context, or the part of the application.</param>
/// <param name="Text">What was found, and what to do about it.</param>
public sealed record RoutingFinding(RoutingFindingLevel Level, string Subject, string Text);
