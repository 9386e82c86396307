using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using Cqrs.Routing.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Tells the outside world where one context went: recorder, metric, log.</summary>
internal sealed class RouteReport(DbContext context, IDbContextOptions options, IServiceProvider services)
{
    private readonly Type _contextType = context.GetType();
    private ILogger? _logger;
    private RouteRecorder? _recorder;
    private RouteFrame? _lastFrame;
    private RouteDecision _lastDecision;
    private bool _recorderSought;
    private bool _registrationChecked;

    public ILogger Logger => _logger ??= services.GetService<ILoggerFactory>()?.CreateLogger(Log.Category) ?? NullLogger.Instance;

    /// <summary>For messages.</summary>
    public string ContextName => DisplayName.Of(_contextType);

    /// <summary>Whether something is said for the first time of this context's type. Holds nothing of the context.</summary>
    public Func<string, bool> Once
    {
        get
        {
            var (notices, context) = (services.GetRequiredService<OnceNotices>(), _contextType);
            return notice => notices.First(context, notice);
        }
    }

    /// <summary>Once per request and decision: a request that opens its connection ten times went to one server.</summary>
    public void Bound(RouteFrame frame, RouteDecision decision, bool hasReplica, TimeSpan waited = default)
    {
        if (decision.Route == Route.Primary)
            frame.UsePrimary();
        if (ReferenceEquals(frame, _lastFrame) && IsOldNews(decision))
            return;

        _lastFrame = frame;
        _lastDecision = decision;
        var request = frame.Request;
        if (hasReplica)
            request.ReplicaUse?.Record(decision);
        RoutingMeter.Count(request.Name, _contextType, decision);
        Recorder?.Record(new(request.Type, _contextType, decision.Route, decision.Reason) { Waited = waited });
        if (Logger.IsEnabled(LogLevel.Debug))
            Log.Bound(Logger, request.Name, ContextName, decision.Route, decision.Reason);
    }

    // A connection that this request opened itself stays where it is for the reason it was opened there.
    private bool IsOldNews(RouteDecision decision) =>
        decision.Route == _lastDecision.Route && (decision.Reason == _lastDecision.Reason || decision.Reason == RouteReason.OpenConnection);

    public void ReplicaInactive(string cause)
    {
        if (services.GetRequiredService<OnceNotices>().First(_contextType, cause))
            Log.ReplicaInactive(Logger, ContextName, cause);
    }

    /// <summary>A replica without <c>AddRoutingBehavior</c> looks as if it worked and never does.</summary>
    public void CheckRegistration()
    {
        if (_registrationChecked)
            return;

        _registrationChecked = true;
        if (ApplicationService<IServiceProviderIsService>() is { } registered
            && !registered.IsService(typeof(RoutingSession))
            && services.GetRequiredService<OnceNotices>().First(_contextType, nameof(Log.NothingRouted)))
        {
            Log.NothingRouted(Logger, ContextName);
        }
    }

    public bool RequiresReplica() => ApplicationService<IOptions<RoutingOptions>>() is { Value.RequireReplica: true };

    private RouteRecorder? Recorder
    {
        get
        {
            if (!_recorderSought)
            {
                _recorderSought = true;
                _recorder = ApplicationService<RouteRecorder>();
            }

            return _recorder;
        }
    }

    private TService? ApplicationService<TService>()
        where TService : class
    {
        try
        {
            return options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<TService>();
        }
        catch (ObjectDisposedException)
        {
            // A container that was built for the options alone is gone; the context works on without what is only for show.
            return null;
        }
    }
}
