namespace Cqrs.Routing;

/// <summary>The application does not start, because <see cref="RoutingSelfCheck"/> found that routing is set up wrongly.</summary>
public sealed class RoutingSelfCheckException : InvalidOperationException
{
    /// <summary>Makes one without a report, such as for a test of what handles it.</summary>
    public RoutingSelfCheckException()
        : this("Routing is set up wrongly.")
    {
    }

    /// <inheritdoc cref="RoutingSelfCheckException()"/>
    /// <param name="message">The message.</param>
    public RoutingSelfCheckException(string message)
        : this(message, innerException: null)
    {
    }

    /// <inheritdoc cref="RoutingSelfCheckException()"/>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public RoutingSelfCheckException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RoutingSelfCheckException(RoutingSelfCheckReport report)
        : base(report.ToString()) => Report = report;

    /// <summary>Gets what was found; null if the exception was made without it.</summary>
    public RoutingSelfCheckReport? Report { get; }
}
