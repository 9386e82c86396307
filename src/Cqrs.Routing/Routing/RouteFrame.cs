namespace Cqrs.Routing.Routing;

/// <summary>One request, or one <see cref="RouteScope"/>, that is running in the current asynchronous flow.</summary>
/// <remarks>
/// The flow keeps a reference to its frame, and so does background work that was started inside it; <see cref="Ended"/> tells such work that
/// the request is over, which brings it back to the default: the primary. An ended frame holds on to nothing.
/// </remarks>
internal sealed class RouteFrame : IDisposable
{
    private static readonly AsyncLocal<RouteFrame?> Ambient = new();

    private RouteFrame? _outer;
    private RoutingSession? _session;
    private volatile bool _ended;
    private volatile bool _usedPrimary;

    public RouteFrame(RequestTraits request, RouteFrame? outer, RoutingSession? session, bool forced = false)
    {
        Request = request;
        _outer = outer;
        _session = session ?? outer?.Session;
        IsRequest = !forced;
        IsQuery = forced ? outer is { IsQuery: true } : request.Kind switch
        {
            RequestKind.Query => true,
            RequestKind.Command => false,
            _ => outer is { IsQuery: true },
        };
        Decision = forced
            ? Router.Force(outer?.Decision)
            : Router.Decide(request.Kind, request.ReadFromPrimary, outer?.Decision, _session is { CommandRan: true });
    }

    /// <summary>The innermost frame of this flow that has not ended, or null: then nothing is routed.</summary>
    public static RouteFrame? Current
    {
        get
        {
            var frame = Ambient.Value;
            // A scope may be disposed in another flow than the one that it was begun in; what was around it still holds there.
            while (frame is { _ended: true, IsRequest: false })
                frame = frame._outer;
            return frame is { _ended: false } ? frame : null;
        }
    }

    public RequestTraits Request { get; }

    /// <summary>False for <see cref="RouteScope.ForcePrimary"/>, which is no request but changes where one reads.</summary>
    public bool IsRequest { get; }

    /// <summary>Whether writes are refused: a query, or anything but a command inside one.</summary>
    public bool IsQuery { get; }

    /// <summary>Whether a command is running, or an unmarked request, which counts as one. <see cref="RouteScope.ForcePrimary"/> alone is none.</summary>
    public bool IsCommand => !IsQuery && (IsRequest || _outer is { IsCommand: true });

    public RouteDecision Decision { get; private set; }

    public bool Ended => _ended;

    public RouteFrame? Outer => _outer;

    public RoutingSession? Session => _session;

    public bool UsedPrimary => _usedPrimary;

    /// <summary>The request that a message should name: the innermost one that is not a <see cref="RouteScope.ForcePrimary"/>.</summary>
    public string RequestName => IsRequest || _outer is null ? Request.Name : _outer.RequestName;

    /// <summary>Makes this the current frame of the calling flow.</summary>
    public void Enter() => Ambient.Value = this;

    /// <summary>Remembers that a context of this request talked to the primary.</summary>
    public void UsePrimary()
    {
        for (var frame = this; frame is { _usedPrimary: false }; frame = frame._outer)
            frame._usedPrimary = true;
    }

    /// <summary>A command ran inside this query: what it reads from now on must not be older than what was written.</summary>
    public void EscalateAfterCommand()
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame._outer)
        {
            if (frame.Decision.Route == Route.Replica)
                frame.Decision = new(Route.Primary, RouteReason.AfterInnerCommand);
        }
    }

    /// <summary>Ends a request. The flow that awaited it gets its own frame back by itself, as asynchronous methods restore it.</summary>
    public void End()
    {
        _ended = true;
        if (IsRequest)
            _outer = null;
        _session = null;
    }

    /// <summary>Ends a scope and, in the flow that began it, restores what was around it.</summary>
    public void Dispose()
    {
        var outer = _outer;
        End();
        if (ReferenceEquals(Ambient.Value, this))
            Ambient.Value = outer;
    }
}
