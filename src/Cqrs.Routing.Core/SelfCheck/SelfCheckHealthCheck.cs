using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Whether the proof passed.</summary>
internal sealed class SelfCheckHealthCheck(RoutingSelfCheck proof) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = proof.LastReport ?? await proof.RunAsync(cancellationToken).ConfigureAwait(false);
        var data = report.Findings
            .Where(finding => finding.Severity != SelfCheckSeverity.Ok)
            .Select((finding, index) => (Key: $"{index + 1} {finding.Severity}", Value: $"{finding.Subject}: {finding.Message}"))
            .ToDictionary(finding => finding.Key, finding => (object)finding.Value);
        return new(report.Passed ? HealthStatus.Healthy : context.Registration.FailureStatus, report.Summary, data: data);
    }
}
