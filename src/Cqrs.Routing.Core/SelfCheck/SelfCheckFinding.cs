namespace Cqrs.Routing;

/// <summary>One thing that <see cref="RoutingSelfCheck"/> looked at.</summary>
public sealed record SelfCheckFinding
{
    internal SelfCheckFinding(SelfCheckSeverity severity, string subject, string message) => (Severity, Subject, Message) = (severity, subject, message);

    /// <summary>Gets what it means.</summary>
    public SelfCheckSeverity Severity { get; }

    /// <summary>Gets the context, or the part of the application.</summary>
    public string Subject { get; }

    /// <summary>Gets what was found, and what to do about it.</summary>
    public string Message { get; }
}
