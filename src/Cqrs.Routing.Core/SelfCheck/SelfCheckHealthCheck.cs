using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Reports whether the self-check passed.</summary>
internal sealed class SelfCheckHealthCheck(RoutingSelfCheck selfCheck) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = selfCheck.LastReport ?? await selfCheck.RunAsync(cancellationToken).ConfigureAwait(false);
        var data = report.Findings
            .Where(finding => finding.Severity != SelfCheckSeverity.Ok)
            .Select((finding, index) => (Key: $"{index + 1} {finding.Severity}", Value: $"{finding.Subject}: {finding.Message}"))
            .ToDictionary(finding => finding.Key, finding => (object)finding.Value);
        return new(report.Passed ? HealthStatus.Healthy : context.Registration.FailureStatus, report.Summary, data: data);
    }
}
