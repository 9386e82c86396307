using Cqrs.Routing.Routing;
using Cqrs.Routing.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Mediation;

/// <summary>Begins and ends the frame of a request. Singleton.</summary>
internal sealed class RouteFrames(IServiceProvider root, IOptions<RoutingOptions> options, RouteRecorder? recorder = null)
{
    private readonly bool _allowCommandsInQueries = options.Value.AllowCommandsInQueries;

    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public RouteFrame Begin(RequestTraits request, IServiceProvider services)
    {
        var outer = RouteFrame.Current;
        if (request.Kind == RequestKind.Command && outer is { IsQuery: true } && !_allowCommandsInQueries)
            throw new CommandInQueryException(outer.RequestName, request.Type);

        var session = SessionOf(services);
        if (session is not null && RouteFrame.CurrentSession is { } around)
            session.ShareWith(around);
        var frame = new RouteFrame(request, session);
        if (!frame.IsQuery)
            session?.ForgetReplicaReads();
        recorder?.Record(new(request.Type, Context: null, frame.Decision.Route, frame.Decision.Reason));
        return frame;
    }

    public static void End(RouteFrame frame)
    {
        if (!frame.IsQuery && frame.UsedPrimary)
            frame.Outer?.EscalateAfterCommand();

        frame.End();
    }

    // A mediator resolved from the root provider has no scope to remember anything in: its memory would never end.
    private RoutingSession? SessionOf(IServiceProvider services) =>
        ReferenceEquals(services, root) ? null : services.GetRequiredService<RoutingSession>();
}
