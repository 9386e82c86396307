using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>Tells the outside world where one context went: recorder, metric, log.</summary>
internal sealed class RouteReporter(DbContext context, IReportedConnection connection, IDbContextOptions options, IServiceProvider services)
{
    private readonly Type _contextType = context.GetType();
    private readonly ReportedDecisions _reported = new();
    private readonly IdleReplicaWarning.Sighting _sighting = services.GetRequiredService<IdleReplicaWarning>().Of(context.GetType());
    private ILogger? _logger;
    private RouteRecorder? _recorder;
    private bool _recorderSought;
    private bool _registrationChecked;

    public ILogger Logger => _logger ??= services.GetService<ILoggerFactory>()?.CreateLogger(Log.Category) ?? NullLogger.Instance;

    /// <summary>For messages.</summary>
    public string ContextName => TypeNames.Format(_contextType);

    /// <summary>Whether something is said for the first time of this context's type. Holds nothing of the context.</summary>
    public Func<string, bool> Once
    {
        get
        {
            var (notices, context) = (services.GetRequiredService<LogOnce>(), _contextType);
            return notice => notices.IsFirst(notice, context);
        }
    }

    /// <summary>Once per request and decision: a request that opens its connection ten times went to one server.</summary>
    public void Bound(RouteFrame frame, RouteDecision decision, bool hasReplica, TimeSpan waited = default)
    {
        if (decision.Route == DatabaseRole.Primary)
            frame.UsePrimary();
        if (!_reported.TryAdd(frame, decision))
            return;

        var request = frame.Request;
        if (hasReplica)
            request.ReplicaUse?.Record(decision, Logger);
        RoutingMetrics.Count(request.FullName, _contextType, decision);
        if (frame.Span is { } span)
            RoutingActivity.Bound(span, ContextName, decision, waited, connection.ReplicaLag);
        if (Recorder is { } recorder)
            recorder.Record(new(request.Type, _contextType, decision.Route, decision.Reason) { Waited = waited, Steps = Explain(frame, decision).Steps });
        if (Logger.IsEnabled(LogLevel.Debug))
            Log.Bound(Logger, request.FullName, ContextName, decision.Route, decision.Reason);
    }

    /// <summary>Why the context went where it went, in the request that is running.</summary>
    public RouteExplanation Explain() =>
        RouteFrame.Current is { } frame && _reported.LastOf(frame) is { } decision ? Explain(frame, decision) : RouteExplainer.Explain(RouteFrame.Current);

    private RouteExplanation Explain(RouteFrame frame, RouteDecision decision) =>
        RouteExplainer.Explain(frame, decision, ContextName, connection.IsInTransaction);

    /// <summary>A query tracks an entity, and so leaves the replica. Says so once per request type, and once for all scopes without one.</summary>
    public void Tracks(RouteFrame frame, string entity)
    {
        var request = frame.Request;
        if (request.ReplicaUse is not null ? request.Tracks(entity) : services.GetRequiredService<LogOnce>().IsFirst(request.Name, _contextType))
            Log.TracksEntities(Logger, request.FullName, entity, ContextName);
    }

    public void ReplicaMismatch(string cause)
    {
        if (services.GetRequiredService<LogOnce>().IsFirst(cause, _contextType))
            Log.ReplicaMismatch(Logger, ContextName, cause);
    }

    /// <summary>A replica that no query ever asks for is there for nothing. Says so once, if there is one.</summary>
    public void Used(RouteFrame? frame)
    {
        if (_sighting.IsMissing(frame is { IsQuery: true }) && connection.HasOwnReplica)
            Log.NoQuerySeen(Logger, ContextName, IdleReplicaWarning.Sighting.Threshold);
    }

    /// <summary>A replica without <c>AddRoutingBehavior</c> looks as if it worked and never does.</summary>
    public void CheckRegistration()
    {
        if (_registrationChecked)
            return;

        _registrationChecked = true;
        if (ApplicationService<IServiceProviderIsService>() is { } registered
            && !registered.IsService(typeof(RoutingSession))
            && services.GetRequiredService<LogOnce>().IsFirst(nameof(Log.NothingRouted), _contextType))
        {
            Log.NothingRouted(Logger, ContextName);
        }
    }

    /// <summary>A query that was begun without a mediator belongs to the session of the scope that its first context is from.</summary>
    public void FindSession(RouteFrame request)
    {
        if (options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider is { } scope && ApplicationService<SessionServices>() is { } sessions && !sessions.IsRoot(scope))
            request.BelongTo(scope);
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
        => ApplicationServices.Find<TService>(options);
}
