using Cqrs.Routing.Routing;
using Cqrs.Routing.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Mediation;

/// <summary>Begins and ends the frame of a request. Singleton.</summary>
internal sealed class RouteFrames(IServiceProvider root, IOptions<RoutingOptions> options, Rollout rollout, RouteRecorder? recorder = null)
{
    private readonly bool _allowCommandsInQueries = options.Value.AllowCommandsInQueries;

    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public RouteFrame Begin<TRequest>(RequestTraits request, TRequest message, IServiceProvider services)
        where TRequest : notnull
    {
        var outer = RouteFrame.Current;
        outer?.RollOut(rollout, outer);
        if (request.Kind == RequestKind.Command && outer is { IsQuery: true } && !_allowCommandsInQueries)
            Refuse(outer, request);

        var session = SessionOf(services);
        if (session is not null && RouteFrame.CurrentSession is { } around)
            session.ShareWith(around);
        var frame = new RouteFrame(request, session);
        frame.RollOut(rollout, message);
        if (!frame.IsQuery || frame.Shadow is not null)
            session?.ForgetReplicaReads();
        recorder?.Record(new(request.Type, Context: null, frame.Decision.Route, frame.Decision.Reason) { Chain = RouteChain.Of(frame).Steps });
        return frame;
    }

    public static void End(RouteFrame frame)
    {
        if (!frame.IsQuery && frame.UsedPrimary)
        {
            frame.Outer?.EscalateAfterCommand();
            if (frame.Outer is { IsQuery: true, Shadow: { } shadow })
                shadow.WouldRun(RouteReason.AfterInnerCommand);
        }

        frame.End();
    }

    private static void Refuse(RouteFrame query, RequestTraits command)
    {
        if (query.Shadow is { } shadow)
        {
            shadow.WouldRefuse(Refusal.Command, command.Name);
            return;
        }

        throw new CommandInQueryException(query.RequestName, command.Type);
    }

    // A mediator resolved from the root provider has no scope to remember anything in: its memory would never end.
    private RoutingSession? SessionOf(IServiceProvider services) =>
        ReferenceEquals(services, root) ? null : services.GetRequiredService<RoutingSession>();
}
