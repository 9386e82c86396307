using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Runs the self-check when the host starts.</summary>
internal sealed class SelfCheckHostedService(RoutingSelfCheck selfCheck, ILoggerFactory loggers) : IHostedService
{
    /// <exception cref="RoutingSelfCheckException">The report has an error.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var report = await selfCheck.RunAsync(cancellationToken).ConfigureAwait(false);
        var level = report.Level switch
        {
            SelfCheckSeverity.Error => LogLevel.Error,
            SelfCheckSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        Log.SelfCheckReport(loggers.CreateLogger(Log.Category), level, report.ToString());
        if (!report.Passed)
            throw new RoutingSelfCheckException(report);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
