using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>Where a request runs is decided when somebody first asks, and so is its session looked up: many requests never touch a database.</summary>
internal sealed partial class RouteFrame
{
    private const ushort Undecided = ushort.MaxValue;

    // The session, or the scope to find it in.
    private object? _scope;

    // Route and reason in one: another thread must not see one of them without the other.
    private ushort _decision;

    /// <summary>Where the request runs. What the session of an outermost query wrote counts up to when this is first asked for.</summary>
    public RouteDecision Decision
    {
        get
        {
            var decision = Volatile.Read(ref _decision);
            return decision == Undecided ? Decide() : Unpack(decision);
        }
        private set => Volatile.Write(ref _decision, Pack(value));
    }

    /// <summary>The session of its scope; null if it has none.</summary>
    public RoutingSession? Session => _scope switch
    {
        null => null,
        RoutingSession session => session,
        var scope => FindSession((IServiceProvider)scope),
    };

    /// <summary>Whether nobody has said whose request this is.</summary>
    public bool LacksSession => Volatile.Read(ref _scope) is null;

    /// <summary>Gives it the session of a scope, if it has none.</summary>
    public void BelongTo(IServiceProvider scope)
    {
        if (Interlocked.CompareExchange(ref _scope, scope, null) is not null)
            return;

        // A command around it has written for the same session. What is no request, such as ForcePrimary, has none: nothing that is written there counts.
        if (Outer is { IsCommand: true } command)
            command.BelongTo(scope);
        BeginCommand();
        if (Session is { IsPinned: true })
            EscalateAll(RouteReason.RecentWrite);
    }

    private static ushort Pack(RouteDecision decision) => (ushort)(((int)decision.Route << 8) | (int)decision.Reason);

    private static RouteDecision Unpack(ushort decision) => new((DatabaseRole)(decision >> 8), (RouteReason)(byte)decision);

    private RouteDecision Decide()
    {
        var decided = Pack(DecideIn(outer: null));
        var before = Interlocked.CompareExchange(ref _decision, decided, Undecided);
        return Unpack(before == Undecided ? decided : before);
    }

    private RouteDecision DecideIn(RouteDecision? outer) =>
        RoutePolicy.Decide(Request.Kind, Request.ReadFromPrimary, outer, Request.TrackedEntity is not null, Request.Kind == RequestKind.Query && Session is { IsPinned: true });

    private RoutingSession? FindSession(IServiceProvider scope)
    {
        try
        {
            var session = (RoutingSession?)scope.GetService(typeof(RoutingSession));
            Interlocked.CompareExchange(ref _scope, session, scope);
            return session;
        }
        catch (ObjectDisposedException)
        {
            // Whoever sent this did not wait for it, and nobody can tell any more what the session wrote.
            Interlocked.CompareExchange(ref _decision, Pack(new(DatabaseRole.Primary, RouteReason.PositionUnknown)), Undecided);
            return null;
        }
    }

    // A request in another scope than the one around it is the same user's.
    private void ShareSession(RouteFrame around)
    {
        if (!ReferenceEquals(_scope, around._scope) && around.Session is { } shared)
            Session?.ShareWith(shared);
    }
}
