namespace Cqrs.Routing;

/// <summary>The application does not start, because <see cref="RoutingSelfCheck"/> found that routing is set up wrongly.</summary>
public sealed class RoutingSelfCheckException : InvalidOperationException
{
    internal RoutingSelfCheckException(RoutingSelfCheckReport report)
        : base(report.ToString()) => Report = report;

    /// <summary>What was found.</summary>
    public RoutingSelfCheckReport Report { get; }
}
