using Cqrs.Routing.SelfCheck;

namespace Cqrs.Routing;

/// <summary>Proves that routing works as it is set up, on the real servers: for the start of an application, a deployment's smoke test, a page.</summary>
/// <remarks>
/// <para>A singleton, registered by <c>services.AddRoutingSelfCheck()</c>; thread safe. It reads from both servers and writes nothing.</para>
/// <para>
/// Errors, which keep the application from starting: <c>AddRoutingBehavior</c> was not called; a context is neither routed nor guarded, or its replica is configured
/// wrongly; the replica is one of another primary, was promoted, or has migrations that its primary lacks; a request is both a query and a command; and, with
/// <see cref="RoutingOptions.RequireReplica"/>, a replica that is missing, not used or does not answer.
/// </para>
/// <para>
/// Warnings: otherwise a replica that does not answer, as the primary takes over; one that lags beyond its limits, lacks migrations that its primary has, is the primary itself,
/// or does not tell who or where it is; a primary that does not answer; a context that cannot be created outside a request; request types that are neither
/// query nor command, or run in shadow mode.
/// </para>
/// </remarks>
public sealed class RoutingSelfCheck
{
    private readonly IEnumerable<ISelfCheckStep> _steps;
    private volatile RoutingSelfCheckReport? _last;

    internal RoutingSelfCheck(IEnumerable<ISelfCheckStep> steps) => _steps = steps;

    /// <summary>What was found last; null if it did not run yet.</summary>
    public RoutingSelfCheckReport? LastReport => _last;

    /// <summary>Looks at everything.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The report, also when something is wrong.</returns>
    /// <remarks>Where a server does not answer, this takes as long as its driver tries to connect.</remarks>
    public async Task<RoutingSelfCheckReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var findings = new List<SelfCheckFinding>();
        foreach (var step in _steps)
            await step.RunAsync(findings, cancellationToken).ConfigureAwait(false);
        return _last = new(findings);
    }
}
