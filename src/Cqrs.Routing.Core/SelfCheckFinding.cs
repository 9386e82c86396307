namespace Cqrs.Routing;

/// <summary>One thing that <see cref="RoutingSelfCheck"/> looked at.</summary>
/// <param name="Severity">What it means.</param>
/// <param name="Subject">The context, or the part of the application.</param>
/// <param name="Message">What was found, and what to do about it.</param>
public sealed record SelfCheckFinding(SelfCheckSeverity Severity, string Subject, string Message);
