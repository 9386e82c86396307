using Cqrs.Routing.SelfCheck;

namespace Cqrs.Routing;

/// <summary>Checks on the real servers that routing works as configured: at application start, in a deployment's smoke test or on a page.</summary>
/// <remarks>
/// <para>
/// A singleton, registered by <c>services.AddRoutingSelfCheck()</c>; thread safe. It reads from both servers and writes nothing.
/// </para>
/// <para>
/// Errors stop the application from starting. The application: neither <c>AddRoutingBehavior</c> nor <c>AddCqrsRoutingCore</c> was called, or a request is both a query and a command.
/// The context: it is neither routed nor guarded, or its replica is configured wrongly. The replica: it belongs to another primary, was promoted, or
/// has migrations that its primary lacks. With <see cref="RoutingOptions.RequireReplica"/>, a replica that is missing, not used or does not answer is
/// an error too.
/// </para>
/// <para>
/// Warnings do not stop the application. Without <see cref="RoutingOptions.RequireReplica"/>, a replica that does not answer is a warning, because
/// the primary takes over. The replica: it lags beyond its limits, lacks migrations of its primary, is the primary itself, or does not report its
/// identity or position. The primary: it does not answer. The application: a context cannot be created outside a request, or request types are
/// neither query nor command, or run in shadow mode.
/// </para>
/// </remarks>
public sealed class RoutingSelfCheck
{
    private readonly IEnumerable<ISelfCheckStep> _steps;
    private volatile RoutingSelfCheckReport? _last;

    internal RoutingSelfCheck(IEnumerable<ISelfCheckStep> steps) => _steps = steps;

    /// <summary>Gets the last report; null if the self-check has not run yet.</summary>
    public RoutingSelfCheckReport? LastReport => _last;

    /// <summary>Runs all checks.</summary>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The report, including its errors.</returns>
    /// <remarks>If a server does not answer, the run takes as long as its driver tries to connect.</remarks>
    public async Task<RoutingSelfCheckReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var findings = new List<SelfCheckFinding>();
        foreach (var step in _steps)
            await step.RunAsync(findings, cancellationToken).ConfigureAwait(false);
        return _last = new(findings);
    }
}
