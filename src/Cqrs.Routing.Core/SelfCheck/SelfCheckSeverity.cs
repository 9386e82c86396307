namespace Cqrs.Routing;

/// <summary>The effect of a <see cref="SelfCheckFinding"/> on the start of the application.</summary>
public enum SelfCheckSeverity
{
    /// <summary>The check passed.</summary>
    Ok,

    /// <summary>A possible problem. The application starts.</summary>
    Warning,

    /// <summary>Queries would return wrong results, or nothing would be routed. The application does not start.</summary>
    Error,
}
