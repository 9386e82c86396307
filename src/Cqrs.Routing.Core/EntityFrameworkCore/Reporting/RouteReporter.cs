using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Sessions;
using Cqrs.Routing.Shadow;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>Reports the routes of one context to the recorder, the metrics and the log.</summary>
internal sealed class RouteReporter(DbContext context, IReportedConnection connection, IDbContextOptions options, IServiceProvider services)
{
    private const string NoRequest = "(no request)";

    private readonly Type _contextType = context.GetType();
    private readonly ReportedDecisions _reported = new();
    private readonly IdleReplicaWarning.Sighting _sighting = services.GetRequiredService<IdleReplicaWarning>().Of(context.GetType());
    private ILogger? _logger;
    private RouteRecorder? _recorder;
    private bool _recorderSought;
    private bool _registrationChecked;

    public ILogger Logger => _logger ??= services.GetService<ILoggerFactory>()?.CreateLogger(Log.Category) ?? NullLogger.Instance;

    /// <summary>Gets the name of the context type, for messages.</summary>
    public string ContextName => TypeNames.Format(_contextType);

    /// <summary>
    /// Gets a function that returns whether a message is the first of its kind for this context type. The function references nothing of the context.
    /// </summary>
    public Func<string, bool> Once
    {
        get
        {
            var (notices, context) = (services.GetRequiredService<LogOnce>(), _contextType);
            return notice => notices.IsFirst(notice, context);
        }
    }

    /// <summary>Reports a decision, once per request and decision. A request that opens its connection ten times used one server.</summary>
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

    /// <summary>Returns the explanation of the context's route in the running request.</summary>
    public RouteExplanation Explain() =>
        RouteFrame.Current is { } frame && _reported.LastOf(frame) is { } decision ? Explain(frame, decision) : RouteExplainer.Explain(RouteFrame.Current);

    private RouteExplanation Explain(RouteFrame frame, RouteDecision decision) =>
        RouteExplainer.Explain(frame, decision, ContextName, connection.IsInTransaction);

    /// <summary>
    /// Reports that a query tracks an entity and therefore leaves the replica. Logs once per request type, and once for all scopes, which have no
    /// request type.
    /// </summary>
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

    /// <summary>Reports once that a query's context has no replica, since a misspelled name of a connection string looks the same.</summary>
    public void NoReplica()
    {
        if (services.GetRequiredService<LogOnce>().IsFirst(nameof(Log.WithoutReplica), _contextType))
            Log.WithoutReplica(Logger, ContextName);
    }

    /// <summary>Counts a use of the context. Warns once, if there is a replica, when no query has used the context.</summary>
    public void Used(RouteFrame? frame)
    {
        if (_sighting.IsMissing(frame is { IsQuery: true }) && connection.HasOwnReplica)
            Log.NoQuerySeen(Logger, ContextName, IdleReplicaWarning.Sighting.Threshold);
    }

    /// <summary>Warns once if <c>AddRoutingBehavior</c> was not called, because the replica would then never be used without any error.</summary>
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

    /// <summary>Assigns a request that was begun without a mediator to a session: the session of the scope that its first context comes from.</summary>
    /// <remarks>A context from a pool or a singleton factory comes from no scope. Then the request has no session, which is logged once a query may miss a write.</remarks>
    public void FindSession(RouteFrame request)
    {
        if (ApplicationService<SessionServices>() is not { } sessions)
            return;

        if (options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider is { } scope && !sessions.IsRoot(scope))
            request.BelongTo(scope);
        else if (request.IsCommand)
            sessions.WasLeft(ranCommand: true);
        else if (request.Decision.Route == DatabaseRole.Replica)
            sessions.ReadBlank(isCarried: false);
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

    /// <summary>Reports that the context opened its connection outside any request. Such code is as silent as a forgotten query: it works, on the primary.</summary>
    public void UsedOutsideRequests()
    {
        RoutingMetrics.Count(NoRequest, _contextType, RouteDecision.Default);
        if (Logger.IsEnabled(LogLevel.Debug))
            Log.Bound(Logger, NoRequest, ContextName, RouteDecision.Default.Route, RouteDecision.Default.Reason);
        if (ApplicationService<Rollout>() is { Plan.RoutesAll: false } rollout)
            rollout.Report.UsedOutsideRequests(ContextName);
    }

    private TService? ApplicationService<TService>()
        where TService : class
        => ApplicationServices.Find<TService>(options);
}
