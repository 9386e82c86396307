using Cqrs.Routing.SelfCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Finds sessions that are registered and not part of the pipeline, so that nobody carries them on: says so once when the pipeline is built, and in the proof. Singleton.</summary>
internal sealed class PipelineUse(ILogger<PipelineUse> logger) : IStartupFilter, ISelfCheckStep
{
    private volatile bool _isUsed;

    /// <summary>The middleware was added.</summary>
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
            ? new(SelfCheckSeverity.Ok, "Sessions", "UseRoutingSessions() carries them from request to request")
            : new(
                SelfCheckSeverity.Warning,
                "Sessions",
                "AddRoutingSessions() was called and UseRoutingSessions() was not, or not yet (Startup.Configure runs later), so a user's next request may not see what this one wrote. "
                + "Call app.UseRoutingSessions() before endpoints and authentication"));
        return Task.CompletedTask;
    }
}
