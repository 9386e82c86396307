using System.Globalization;

namespace Cqrs.Routing;

/// <summary>What <see cref="RoutingProof"/> found.</summary>
public sealed class RoutingProofReport
{
    internal RoutingProofReport(IReadOnlyList<RoutingFinding> findings)
    {
        Findings = findings;
        Level = findings.Count == 0 ? RoutingFindingLevel.Ok : findings.Max(finding => finding.Level);
    }

    /// <summary>All that was looked at, in the order of the contexts' registration.</summary>
    public IReadOnlyList<RoutingFinding> Findings { get; }

    /// <summary>The worst finding.</summary>
    public RoutingFindingLevel Level { get; }

    /// <summary>Whether nothing was found that should keep the application from starting.</summary>
    public bool Passed => Level != RoutingFindingLevel.Error;

    /// <summary>The report as a person reads it.</summary>
    /// <returns>A line that sums up, and one for each finding.</returns>
    public override string ToString() =>
        string.Join(Environment.NewLine, Findings.Select(finding => string.Create(CultureInfo.InvariantCulture, $"  {finding.Level,-7}  {finding.Subject}: {finding.Text}")).Prepend(Summary));

    internal string Summary => (Count(RoutingFindingLevel.Error), Count(RoutingFindingLevel.Warning)) switch
    {
        (0, 0) => "Routing is proven.",
        (0, var warnings) => $"Routing is proven but for {warnings} of {Findings.Count} findings.",
        (var errors, _) => $"Routing is set up wrongly: {errors} of {Findings.Count} findings are errors.",
    };

    private int Count(RoutingFindingLevel level) => Findings.Count(finding => finding.Level == level);
}
