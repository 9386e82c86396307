using System.Runtime.ExceptionServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using Cqrs.Routing.Testing;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Mediation;

/// <summary>Begins and ends the frame of a request. Singleton.</summary>
internal sealed class RouteFrames(IServiceProvider root, IOptions<RoutingOptions> options, Rollout rollout, RouteRecorder? recorder = null)
{
    private readonly bool _allowCommandsInQueries = options.Value.AllowCommandsInQueries;

    /// <summary>The instance that decides whether a request runs in shadow mode; null where none does.</summary>
    public object? Identify<TRequest>(TRequest message) => rollout.Plan.RoutesAll ? null : message;

    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public RouteFrame Begin(RequestTraits request, object? message, IServiceProvider services)
    {
        var around = RouteFrame.Innermost;
        var outer = RouteFrame.Running(around);
        outer?.RollOut(rollout, outer);
        if (request.Kind == RequestKind.Command && outer is { IsQuery: true } && !_allowCommandsInQueries)
            Refuse(outer, request);
        if (request.Kind != RequestKind.Query)
            outer?.LoseVouch();

        // A mediator resolved from the root provider has no scope to remember anything in: its memory would never end.
        var hasSession = !ReferenceEquals(services, root);
        var frame = new RouteFrame(request, hasSession ? services : null, around);
        if (message is null && outer is null)
            frame.KeepOutOfShadow();
        else
            frame.RollOut(rollout, message ?? frame);
        recorder?.Record(new(request.Type, Context: null, frame.Decision.Route, frame.Decision.Reason) { Chain = RouteChain.Of(frame).Steps });
        frame.BeginSpan();
        frame.BeginCommand();
        return frame;
    }

    /// <summary>Whether a query's handler failed because of the replica, or of what it has open there, and may run again.</summary>
    public static bool CanBeginAnew(RouteFrame query, Exception error) =>
        query.Interruption is not null ? query.CanBeginAnew : query.FailedReading(error) is not null;

    /// <summary>Whether a query's handler has answered although one of its statements did not run, and is to run again on the primary.</summary>
    /// <exception cref="InvalidOperationException">It may not.</exception>
    public static bool MustBeginAnew(RouteFrame query, CancellationToken cancellationToken)
    {
        if (query.Interruption is null)
            return false;
        if (cancellationToken.IsCancellationRequested || !query.CanBeginAnew)
            ThrowIfInterrupted(query);

        query.BeginAnew();
        return true;
    }

    /// <summary>What a query's handler has answered, if that is an answer.</summary>
    /// <exception cref="InvalidOperationException">It is none: see <see cref="ThrowIfInterrupted"/>.</exception>
    public static TResponse Uninterrupted<TResponse>(TResponse response, RouteFrame query)
    {
        ThrowIfInterrupted(query);
        Answered(query);
        return response;
    }

    /// <summary>The handler, with the behaviors inside routing, has answered.</summary>
    public static void Answered(RouteFrame request) => request.Shadow?.Answered();

    /// <exception cref="InvalidOperationException">One of the query's statements did not run, whatever its handler made of that.</exception>
    public static void ThrowIfInterrupted(RouteFrame query)
    {
        if (query.Interruption is { } interruption)
            ExceptionDispatchInfo.Throw(interruption);
    }

    /// <summary>The handler is about to run again, on the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">It may not.</exception>
    public static void BeginAnew(RouteFrame query, Exception error)
    {
        if (query.Interruption is not null || query.FailedReading(error) is not { } failed)
        {
            query.BeginAnew();
            return;
        }

        failed.Context.FallBack(query, failed.Replica, failed.Failure!);
        query.BeginAnew();
    }

    public static void End(RouteFrame frame)
    {
        if (!frame.IsQuery && frame.UsedPrimary)
        {
            frame.Outer?.EscalateAll(RouteReason.AfterInnerCommand);
            if (frame.Outer is { IsQuery: true, Shadow: { } shadow })
                shadow.WouldRun(RouteReason.AfterInnerCommand);
        }

        frame.End();
    }

    private void Refuse(RouteFrame query, RequestTraits command)
    {
        var refusal = new CommandInQueryException(query.RequestName, command.Type);
        if (query.Shadow is { } shadow)
        {
            if (shadow.WouldRefuse(Refusal.Command, command.Name))
                recorder?.RecordRefused(refusal);
            return;
        }

        RoutingMeter.CountRefusal(query.Request.FullName, Refusal.Command);
        recorder?.RecordRefused(refusal);
        throw refusal;
    }
}
