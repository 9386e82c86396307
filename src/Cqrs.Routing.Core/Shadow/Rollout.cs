using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Cqrs.Routing.Shadow;

/// <summary>Decides which requests of an application run in shadow mode at the moment. Singleton; thread safe.</summary>
/// <remarks>It does not use IOptionsMonitor: after an invalid change its CurrentValue throws, and every request would fail.</remarks>
internal sealed class Rollout : IDisposable, IAsyncDisposable
{
    private readonly IOptionsFactory<RoutingRolloutOptions> _options;
    private readonly IEnumerable<IRequestTypes> _types;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private volatile RolloutPlan _plan;

    public Rollout(
        IOptionsFactory<RoutingRolloutOptions> options,
        IEnumerable<IOptionsChangeTokenSource<RoutingRolloutOptions>> changes,
        ShadowReport report,
        IEnumerable<IRequestTypes> types,
        TimeProvider timeProvider,
        ILoggerFactory? loggerFactory = null)
    {
        _options = options;
        _types = types;
        _logger = loggerFactory?.CreateLogger(Log.Category) ?? NullLogger.Instance;
        Report = report;
        Sampler = new(timeProvider);
        _plan = Load();
        _subscriptions = [.. changes.Select(change => ChangeToken.OnChange(change.GetChangeToken, Reload))];
    }

    public ShadowReport Report { get; }

    public ShadowSampler Sampler { get; }

    public RolloutPlan Plan => _plan;

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    /// <summary>Disposes the subscriptions and waits for a position query in the background, so that nothing uses the servers after the container was disposed asynchronously.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Sampler.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Returns the names in the current setting that no request type has.</summary>
    public IReadOnlyList<string> FindUnknownNames() => FindUnknownNames(_plan);

    // A misspelled name leaves a request routed, or in shadow mode, that should not be.
    private RolloutPlan Load()
    {
        var plan = new RolloutPlan(_options.Create(Options.DefaultName));
        if (FindUnknownNames(plan) is { Count: > 0 } unknown)
            Log.RolloutNamesUnknown(_logger, string.Join(", ", unknown));
        return plan;
    }

    private IReadOnlyList<string> FindUnknownNames(RolloutPlan plan) => plan.FindUnknownNames(_types.SelectMany(static adapter => adapter.GetRequestTypes()));

    private void Reload()
    {
        try
        {
            _plan = Load();
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException)
        {
            Log.RolloutInvalid(_logger, e.Message);
        }
    }
}
