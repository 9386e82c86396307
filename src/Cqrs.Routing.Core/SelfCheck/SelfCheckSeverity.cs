namespace Cqrs.Routing;

/// <summary>What a <see cref="SelfCheckFinding"/> means for the start of the application.</summary>
public enum SelfCheckSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth a look; the application starts.</summary>
    Warning,

    /// <summary>Queries would be answered wrongly, or nothing would be routed: the application does not start.</summary>
    Error,
}
