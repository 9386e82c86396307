using System.Globalization;

namespace Cqrs.Routing;

/// <summary>The report of one run of <see cref="RoutingSelfCheck"/>.</summary>
public sealed class RoutingSelfCheckReport
{
    internal RoutingSelfCheckReport(IReadOnlyList<SelfCheckFinding> findings)
    {
        Findings = findings;
        Level = findings.Count == 0 ? SelfCheckSeverity.Ok : findings.Max(finding => finding.Severity);
    }

    /// <summary>Gets all findings, with the contexts in the order of their registration.</summary>
    public IReadOnlyList<SelfCheckFinding> Findings { get; }

    /// <summary>Gets the highest severity of the findings.</summary>
    public SelfCheckSeverity Level { get; }

    /// <summary>Gets whether the report has no error.</summary>
    public bool Passed => Level != SelfCheckSeverity.Error;

    /// <summary>Returns the report as text for people.</summary>
    /// <returns>A summary line, followed by one line for each finding.</returns>
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
