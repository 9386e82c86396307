using Cqrs.Routing.Internal;

namespace Cqrs.Routing;

/// <summary>Thrown at application start when <see cref="RoutingSelfCheck"/> finds that routing is configured wrongly.</summary>
public sealed class RoutingSelfCheckException : InvalidOperationException
{
    /// <summary>Initializes a new instance without a report, for example for a test of code that handles the exception.</summary>
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
        : base(report.ToString())
    {
        Report = report;
        // The report has many messages. The first error is the one to begin with.
        HelpLink = report.Findings.Where(static finding => finding.Severity == SelfCheckSeverity.Error).Select(static finding => MessagePage.LinkTo(finding.Message)).FirstOrDefault()
            ?? MessagePage.Address;
    }

    /// <summary>Gets the report; null if the exception was created without one.</summary>
    public RoutingSelfCheckReport? Report { get; }
}
