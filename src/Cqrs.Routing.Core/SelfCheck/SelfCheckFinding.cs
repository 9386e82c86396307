namespace Cqrs.Routing;

/// <summary>One finding of <see cref="RoutingSelfCheck"/>.</summary>
public sealed record SelfCheckFinding
{
    internal SelfCheckFinding(SelfCheckSeverity severity, string subject, string message) => (Severity, Subject, Message) = (severity, subject, message);

    /// <summary>Gets the severity.</summary>
    public SelfCheckSeverity Severity { get; }

    /// <summary>Gets the context or the part of the application that was checked.</summary>
    public string Subject { get; }

    /// <summary>Gets the finding, with the action to take if there is one.</summary>
    public string Message { get; }
}
