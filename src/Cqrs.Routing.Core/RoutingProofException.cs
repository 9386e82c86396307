namespace Cqrs.Routing;

/// <summary>The application does not start, because <see cref="RoutingProof"/> found that routing is set up wrongly.</summary>
public sealed class RoutingProofException : InvalidOperationException
{
    internal RoutingProofException(RoutingProofReport report)
        : base(report.ToString()) => Report = report;

    /// <summary>What was found.</summary>
    public RoutingProofReport Report { get; }
}
