using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Runs the proof when the host starts.</summary>
internal sealed class SelfCheckHostedService(RoutingSelfCheck proof, ILoggerFactory loggers) : IHostedService
{
    /// <exception cref="RoutingSelfCheckException">Routing is set up wrongly.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var report = await proof.RunAsync(cancellationToken).ConfigureAwait(false);
        var level = report.Level switch
        {
            SelfCheckSeverity.Error => LogLevel.Error,
            SelfCheckSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        Log.Proof(loggers.CreateLogger(Log.Category), level, report.ToString());
        if (!report.Passed)
            throw new RoutingSelfCheckException(report);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
