using Cqrs.Routing.SelfCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>
/// Detects sessions that are registered but whose middleware is not in the pipeline, so that no session is carried on. Logs a warning when the
/// pipeline is built and adds a finding to the self-check. Singleton.
/// </summary>
internal sealed class PipelineUse(ILogger<PipelineUse> logger) : IStartupFilter, ISelfCheckStep
{
    private volatile bool _isUsed;

    /// <summary>Records that the middleware was added.</summary>
    public void Used() => _isUsed = true;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (!_isUsed)
            Log.NotUsed(logger);
    };

    public Task RunAsync(List<SelfCheckFinding> findings, CancellationToken cancellationToken)
    {
        findings.Add(_isUsed
            ? new(SelfCheckSeverity.Ok, "Sessions", "UseRoutingSessions() carries sessions from request to request")
            : new(
                SelfCheckSeverity.Warning,
                "Sessions",
                "AddRoutingSessions() was called, but UseRoutingSessions() was not, or not yet (Startup.Configure runs later), so a user's next request may not see what this one wrote. "
                + "Call app.UseRoutingSessions() before endpoints and authentication [CR122]"));
        return Task.CompletedTask;
    }
}
