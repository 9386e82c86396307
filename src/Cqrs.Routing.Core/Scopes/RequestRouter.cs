using System.Runtime.ExceptionServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Sessions;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.Scopes;

/// <summary>Begins the frames of requests and decides whether a handler runs again. Singleton; thread safe.</summary>
internal sealed class RequestRouter(SessionServices sessions, Rollout rollout, RouteRecorder? recorder = null)
{
    /// <summary>Returns the instance that decides whether a request runs in shadow mode; null if shadow mode is off.</summary>
    public object? Identify<TRequest>(TRequest message) => rollout.Plan.RoutesAll ? null : message;

    /// <exception cref="CommandInQueryException">A query sent a command and may not.</exception>
    public RouteFrame Begin(RequestInfo request, object? message, IServiceProvider services)
    {
        var around = RouteFrame.Innermost;
        var outer = RouteFrame.Running(around);
        outer?.DecideShadowMode(rollout, outer);
        EnsureMayRun(request, outer, recorder);

        // An adapter that was resolved from the root provider has no scope for a session, and its state would never expire. The request then uses the session around it,
        // or that of its first context's scope.
        var frame = new RouteFrame(request, sessions.IsRoot(services) ? null : services, around);
        if (message is null && outer is null)
            frame.ExcludeFromShadow();
        else
            frame.DecideShadowMode(rollout, message ?? frame);
        recorder?.Record(new(request.Type, context: null, frame.Decision.Route, frame.Decision.Reason) { Steps = RouteExplainer.Explain(frame).Steps });
        frame.BeginSpan();
        frame.BeginCommand();
        return frame;
    }

    /// <summary>Returns whether a query's handler failed because of the replica, or because of a connection open there, and may run again.</summary>
    public static bool CanRetry(RouteFrame query, Exception error) =>
        query.Interruption is not null ? query.CanRetry : query.FindFailedRead(error) is not null;

    /// <summary>Returns whether a query's handler answered although one of its statements did not run, so that it must run again on the primary.</summary>
    /// <exception cref="InvalidOperationException">The handler may not run again.</exception>
    public static bool MustRetry(RouteFrame query, bool createsHandler, CancellationToken cancellationToken)
    {
        if (query.Interruption is null)
            return false;
        if (!createsHandler || cancellationToken.IsCancellationRequested || !query.CanRetry)
            ThrowIfInterrupted(query);

        query.PrepareRetry();
        return true;
    }

    /// <summary>Returns the answer of a query's handler if all its statements ran.</summary>
    /// <exception cref="InvalidOperationException">A statement did not run: see <see cref="ThrowIfInterrupted"/>.</exception>
    public static TResponse EnsureUninterrupted<TResponse>(TResponse response, RouteFrame query)
    {
        ThrowIfInterrupted(query);
        NoteAnswered(query, response);
        return response;
    }

    /// <summary>Records that the handler and the behaviors inside routing have answered.</summary>
    public static void NoteAnswered<TResponse>(RouteFrame request, TResponse response)
    {
        request.Shadow?.Answered();
        if (request.IsQuery && (response is IQueryable and not EnumerableQuery || DeferredResponse<TResponse>.IsAlways))
            request.Session?.Services.ReportDeferredAnswer(request.RequestName, TypeNames.Format(response is null ? typeof(TResponse) : response.GetType()));
    }

    /// <exception cref="InvalidOperationException">One of the query's statements did not run, even if its handler caught the error.</exception>
    public static void ThrowIfInterrupted(RouteFrame query)
    {
        if (query.Interruption is { } interruption)
            ExceptionDispatchInfo.Throw(interruption);
    }

    /// <summary>Prepares the second run of the handler, on the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    public static void PrepareRetry(RouteFrame query, Exception error)
    {
        if (query.Interruption is not null || query.FindFailedRead(error) is not { } failed)
        {
            query.PrepareRetry();
            return;
        }

        failed.Context.FallBack(query, failed.Replica, failed.Failure!);
        query.PrepareRetry();
    }

    /// <summary>Refuses a command inside a query unless it is allowed. Marks the outer query as not safe to run again if the request is not a query.</summary>
    /// <exception cref="CommandInQueryException">A query sent a command and may not.</exception>
    public static void EnsureMayRun(RequestInfo request, RouteFrame? outer, RouteRecorder? recorder = null)
    {
        if (request is { Kind: RequestKind.Command, AllowsCommands: false } && outer is { IsQuery: true, AllowsCommands: false })
            Refuse(outer, request, recorder);
        if (request.Kind != RequestKind.Query)
            outer?.MarkNotRetryable();
    }

    private static void Refuse(RouteFrame query, RequestInfo command, RouteRecorder? recorder)
    {
        var refusal = new CommandInQueryException(query.RequestName, command.Type, command.Name, isScope: command.Type == typeof(RouteScope), isQueryScope: query.Request.Type == typeof(RouteScope));
        if (query.Shadow is { } shadow)
        {
            if (shadow.WouldRefuse(ViolationKind.Command, command.Name))
                recorder?.RecordRefused(refusal);
            return;
        }

        RoutingMetrics.CountRefusal(query.Request.FullName, ViolationKind.Command);
        recorder ??= query.Session?.Services.Find<RouteRecorder>();
        recorder?.RecordRefused(refusal);
        throw refusal;
    }

    private static class DeferredResponse<TResponse>
    {
        // A stream that a handler returns, instead of being a stream request, runs when its caller enumerates it.
        public static readonly bool IsAlways = typeof(TResponse).IsGenericType && typeof(TResponse).GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
    }
}
