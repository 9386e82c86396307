using System.Diagnostics;
using System.Transactions;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>One request, or one <see cref="RouteScope"/>, that is running in the current asynchronous flow.</summary>
/// <remarks>
/// The flow keeps a reference to its frame, and so does background work that was started inside it; <see cref="Ended"/> tells such work that
/// the request is over, which brings it back to the default: the primary. An ended frame holds on to no container, as such work may last as long as the process.
/// </remarks>
internal sealed partial class RouteFrame : IDisposable
{
    private static readonly AsyncLocal<RouteFrame?> Ambient = new();

    private readonly Traits _traits;
    private volatile bool _ended;
    private volatile bool _usedPrimary;

    public RouteFrame(RequestInfo request, IServiceProvider? scope, bool forced = false)
        : this(request, scope, Innermost, forced)
    {
    }

    /// <param name="request">The request.</param>
    /// <param name="scope">Where its session is; null for the session of what is around it.</param>
    /// <param name="around"><see cref="Innermost"/>.</param>
    /// <param name="forced">Whether this is a <see cref="RouteScope.ForcePrimary"/>.</param>
    public RouteFrame(RequestInfo request, IServiceProvider? scope, RouteFrame? around, bool forced = false)
    {
        Request = request;
        _scope = scope ?? around?._scope;
        if (around is not null)
        {
            EnsureRare().Around = around;
            ShareSession(around);
        }

        var outer = Outer;
        var isQuery = forced ? outer is { IsQuery: true } : request.Kind switch
        {
            RequestKind.Query => true,
            RequestKind.Command => false,
            _ => outer is { IsQuery: true },
        };
        _traits = (forced ? Traits.None : Traits.Request) | (isQuery ? Traits.Query : Traits.None);
        _decision = forced ? Pack(RoutePolicy.Force(outer?.Decision))
            : outer is null && request.Kind == RequestKind.Query ? Undecided
            : Pack(DecideIn(outer?.Decision));
    }

    private RouteFrame()
    {
        Request = RequestInfo.SuppressedScope;
        EnsureRare().Around = Ambient.Value;
        _traits = Traits.Suppressed;
        _decision = Pack(RouteDecision.Default);
    }

    private RouteFrame(RoutingSession session)
    {
        Request = RequestInfo.SessionScope;
        EnsureRare().Around = Innermost;
        _scope = session;
        _traits = Traits.Session;
        _decision = Pack(RouteDecision.Default);
    }

    /// <summary>The innermost frame of this flow that has not ended, or null: then nothing is routed.</summary>
    public static RouteFrame? Current
    {
        get
        {
            var frame = Ambient.Value;
            return frame is null or { _ended: false, IsPlain: true } ? frame : Running(Innermost);
        }
    }

    /// <summary>The session of the innermost frame, also where no request is running.</summary>
    public static RoutingSession? CurrentSession => Innermost?.Session;

    /// <summary>The same as <see cref="Current"/>, or a session.</summary>
    public static RouteFrame? Innermost
    {
        get
        {
            var frame = Ambient.Value;
            // A scope may be disposed in another flow than the one that it was begun in; what was around it still holds there. Around a request that has ended, only a session does.
            while (frame is { _ended: true })
                frame = frame.Parent;
            return frame;
        }
    }

    /// <summary>The request or scope that is running where this frame is the innermost.</summary>
    public static RouteFrame? Running(RouteFrame? innermost)
    {
        // A session alone is no request: what runs in it is routed as what is around it.
        var frame = innermost;
        while (frame is { IsSession: true } or { _ended: true, IsRequest: false })
            frame = frame.Parent;
        return frame is { _ended: false, IsSuppressed: false } ? frame : null;
    }

    public RequestInfo Request { get; }

    /// <summary>False for <see cref="RouteScope.ForcePrimary"/>, which is no request but changes where one reads.</summary>
    public bool IsRequest => (_traits & Traits.Request) != 0;

    /// <summary>Whether writes are refused: a query, or anything but a command inside one.</summary>
    public bool IsQuery => (_traits & Traits.Query) != 0;

    /// <summary>Whether a command is running, or an unclassified request, which counts as one. <see cref="RouteScope.ForcePrimary"/> alone is none.</summary>
    public bool IsCommand => !IsQuery && (IsRequest || Outer is { IsCommand: true });

    /// <summary>Whether no request is running: what the code does there, nobody has declared. <see cref="RouteScope.ForcePrimary"/> alone is none.</summary>
    public static bool IsOutside(RouteFrame? frame) => frame is null or { IsQuery: false, IsCommand: false };

    /// <summary>Whether a command is running around this, however far out.</summary>
    public bool IsInsideCommand => Outer is { } outer && (outer.IsCommand || outer.IsInsideCommand);

    /// <summary>Whether a query may send commands: what an application allows its request types holds in the scopes inside them, too.</summary>
    public bool AllowsCommands => Request.AllowsCommands || Outer is { AllowsCommands: true };

    public bool Ended => _ended;

    /// <summary>The request or scope that this one runs in.</summary>
    public RouteFrame? Outer => Parent is { } around ? OuterOf(around) : null;

    public bool UsedPrimary => _usedPrimary;

    /// <summary>The request that a message should name: the innermost one that is not a <see cref="RouteScope.ForcePrimary"/>.</summary>
    public string RequestName => IsRequest || Outer is not { } outer ? Request.Name : outer.RequestName;

    private bool IsSession => (_traits & Traits.Session) != 0;

    private bool IsSuppressed => (_traits & Traits.Suppressed) != 0;

    private bool IsPlain => (_traits & (Traits.Session | Traits.Suppressed)) == 0;

    /// <summary>What runs inside belongs to no request and no session, also after this has ended.</summary>
    public static RouteFrame ForNone() => new();

    public static RouteFrame ForSession(RoutingSession session) => new(session);

    /// <summary>Makes this the current frame of the calling flow.</summary>
    public void Enter()
    {
        Ambient.Value = this;
        if (Rare?.Span is { } span)
            Activity.Current = span;
    }

    /// <summary>Makes this stream's frame the current one again, or what its handler has begun since and not ended: the enumerator's flow has forgotten both.</summary>
    public void EnterStream()
    {
        Enter();
        var inner = Rare?.Inner;
        while (inner is { _ended: true } && inner != this)
            inner = inner.Parent;
        Ambient.Value = inner ?? this;
    }

    /// <summary>Begins a scope in the calling flow, which lasts until it is disposed, also where that is a stream's handler and yields.</summary>
    public void Begin()
    {
        Enter();
        var around = Before;
        while (around is not null && (around.IsSession || around.IsSuppressed || around.Request.Type == typeof(RouteScope)))
            around = around.Parent;
        if (around is { _ended: false })
            around.EnsureRare().Inner = this;
    }

    /// <summary>Remembers that a context of this request talked to the primary.</summary>
    public void UsePrimary()
    {
        for (var frame = this; frame is { _usedPrimary: false }; frame = frame.Outer)
            frame._usedPrimary = true;
    }

    /// <summary>A command, or an unclassified request, marks its session, also while it runs: it may commit at any time.</summary>
    public void BeginCommand()
    {
        if (IsRequest && !IsQuery)
            Session?.Marks.CommandBegins();
    }

    // What a scope of transactions around the command commits is there only then.
    private void EndCommand()
    {
        if (!IsRequest || IsQuery || Session is not { } session)
            return;

        session.Marks.CommandEnds();
        if (AmbientTransactions.Get() == AmbientTransactionState.Active)
            session.NoteWhenCompleted(Transaction.Current!);
    }

    /// <summary>A query saw what this primary holds: when it ends, the session is as new as that, also for what the query around it reads next.</summary>
    public void NotePrimaryRead(PrimaryPositionReader primary)
    {
        if (Rare?.Seen?.ContainsKey(primary) != true)
            LazyInitializer.EnsureInitialized(ref EnsureRare().Seen, static () => new()).TryAdd(primary, true);
    }

    /// <summary>Ends a request. The flow that awaited it gets its own frame back by itself, as asynchronous methods restore it.</summary>
    public void End()
    {
        if (!IsQuery && UsedPrimary && Outer is { IsQuery: true } query)
            query.CommandRan();
        EndCommand();
        _ended = true;
        if (_rare is not null)
            EndRest();
        _scope = null;
    }

    private static RouteFrame? OuterOf(RouteFrame? around)
    {
        while (around is { IsSession: true } or { _ended: true })
            around = around.Parent;
        return around is { IsSuppressed: true } ? null : around;
    }

    /// <summary>Ends a scope and, in the flow that began it, restores what was around it.</summary>
    public void Dispose()
    {
        var around = Before;
        End();
        if (ReferenceEquals(Ambient.Value, this))
            Ambient.Value = around;
    }

    [Flags]
    private enum Traits : byte
    {
        None = 0,
        Request = 1,
        Query = 2,
        Session = 4,
        Suppressed = 8,
    }
}
