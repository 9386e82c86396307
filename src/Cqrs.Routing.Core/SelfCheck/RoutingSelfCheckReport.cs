using System.Globalization;

namespace Cqrs.Routing;

/// <summary>What <see cref="RoutingSelfCheck"/> found.</summary>
public sealed class RoutingSelfCheckReport
{
    internal RoutingSelfCheckReport(IReadOnlyList<SelfCheckFinding> findings)
    {
        Findings = findings;
        Level = findings.Count == 0 ? SelfCheckSeverity.Ok : findings.Max(finding => finding.Severity);
    }

    /// <summary>All that was looked at, in the order of the contexts' registration.</summary>
    public IReadOnlyList<SelfCheckFinding> Findings { get; }

    /// <summary>The worst finding.</summary>
    public SelfCheckSeverity Level { get; }

    /// <summary>Whether nothing was found that should keep the application from starting.</summary>
    public bool Passed => Level != SelfCheckSeverity.Error;

    /// <summary>The report as a person reads it.</summary>
    /// <returns>A line that sums up, and one for each finding.</returns>
    public override string ToString() =>
        string.Join(Environment.NewLine, Findings.Select(finding => string.Create(CultureInfo.InvariantCulture, $"  {finding.Severity,-7}  {finding.Subject}: {finding.Message}")).Prepend(Summary));

    internal string Summary => (Count(SelfCheckSeverity.Error), Count(SelfCheckSeverity.Warning)) switch
    {
        (0, 0) => "The routing self-check passed.",
        (0, var warnings) => $"The routing self-check passed with {warnings} {(warnings == 1 ? "warning" : "warnings")} in {Findings.Count} findings.",
        (var errors, _) => $"Routing is set up wrongly: {errors} of {Findings.Count} findings are errors.",
    };

    private int Count(SelfCheckSeverity level) => Findings.Count(finding => finding.Severity == level);
}
