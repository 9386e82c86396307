using System.Collections.Concurrent;
using System.Diagnostics;
using System.Transactions;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.Scopes;

/// <summary>One request, or one <see cref="RouteScope"/>, that is running in the current asynchronous flow.</summary>
/// <remarks>
/// The flow keeps a reference to its frame, and so does background work that was started inside it; <see cref="Ended"/> tells such work that
/// the request is over, which brings it back to the default: the primary. An ended frame holds on to no container, as such work may last as long as the process.
/// </remarks>
internal sealed class RouteFrame : IDisposable
{
    private const ushort Undecided = ushort.MaxValue;
    private const sbyte NoStage = -1;

    private static readonly AsyncLocal<RouteFrame?> Ambient = new();

    private readonly Traits _traits;
    private volatile bool _ended;
    private volatile bool _usedPrimary;

    // The session, or the scope to find it in.
    private object? _scope;

    // Route and reason in one: another thread must not see one of them without the other.
    private ushort _decision;
    private volatile bool _isShadowModeDecided;
    private sbyte _stage = NoStage;
    private volatile RetryState _retry;

    // Nothing, what the query has read from its replica, or the rest, which then holds that as well.
    private object? _extras;

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
            EnsureExtras().Parent = around;
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
        Request = ScopeRequests.Suppressed;
        EnsureExtras().Parent = Ambient.Value;
        _traits = Traits.Suppressed;
        _decision = Pack(RouteDecision.Default);
    }

    private RouteFrame(RoutingSession session)
    {
        Request = ScopeRequests.Session;
        EnsureExtras().Parent = Innermost;
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
        if (Extras?.Span is { } span)
            Activity.Current = span;
    }

    /// <summary>Makes this stream's frame the current one again, or what its handler has begun since and not ended: the enumerator's flow has forgotten both.</summary>
    public void EnterStream()
    {
        Enter();
        var inner = Extras?.Inner;
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
            around.EnsureExtras().Inner = this;
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
            Session?.SessionPositions.CommandBegins();
    }

    // What a scope of transactions around the command commits is there only then.
    private void EndCommand()
    {
        if (!IsRequest || IsQuery || Session is not { } session)
            return;

        session.SessionPositions.CommandEnds();
        if (AmbientTransactions.Get() == AmbientTransactionState.Active)
            session.NoteWhenCompleted(Transaction.Current!);
    }

    /// <summary>A query saw what this primary holds: when it ends, the session is as new as that, also for what the query around it reads next.</summary>
    public void NotePrimaryRead(PrimaryPositionReader primary)
    {
        if (Extras?.Seen?.ContainsKey(primary) != true)
            LazyInitializer.EnsureInitialized(ref EnsureExtras().Seen, static () => new()).TryAdd(primary, true);
    }

    /// <summary>Ends a request. The flow that awaited it gets its own frame back by itself, as asynchronous methods restore it.</summary>
    public void End()
    {
        if (!IsQuery && UsedPrimary && Outer is { IsQuery: true } query)
            query.CommandRan();
        EndCommand();
        _ended = true;
        if (_extras is not null)
            EndExtras();
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

    /// <summary>What is told of this request because it runs in shadow mode; null if it is routed, or not decided yet.</summary>
    public ShadowRun? Shadow => Extras?.Shadow;

    /// <summary>Whether that was decided.</summary>
    public bool IsShadowModeDecided => _isShadowModeDecided;

    /// <summary>Decides, if that was not done yet.</summary>
    /// <remarks>
    /// A <see cref="RouteScope"/> knows no application, so one that is outermost is decided by the first context or request inside it. <see cref="RouteScope.ForcePrimary"/>
    /// alone is no request: what is sent inside it is the outermost.
    /// </remarks>
    public void DecideShadowMode(Rollout rollout, object instance)
    {
        if (_isShadowModeDecided)
            return;

        if (Outer is { } outer)
        {
            outer.DecideShadowMode(rollout, outer);
            if (outer._isShadowModeDecided)
            {
                SetShadowRun(outer.Shadow is { } run ? IsRequest ? run.Inner(Request) : run : null);
                return;
            }
        }

        if (!IsRequest)
            return;

        var plan = rollout.Plan;
        SetShadowRun(plan.RoutesAll || plan.Routes(Request, instance) ? null : new(rollout, Request, othersAreRouted: !plan.RoutesNone));
    }

    /// <summary>Routes this one, whatever else runs in shadow mode.</summary>
    public void ExcludeFromShadow() => _isShadowModeDecided = true;

    private void SetShadowRun(ShadowRun? run)
    {
        if (run is not null && Interlocked.CompareExchange(ref EnsureExtras().Shadow, run, null) is null)
            Decision = RoutePolicy.Shadow(Decision);
        _isShadowModeDecided = true;
    }

    /// <summary>The span of the request that this is, or is part of.</summary>
    public Activity? Span => Extras?.Span ?? (Request.Type == typeof(RouteScope) ? Outer?.Span : null);

    /// <summary>To be called in the flow that sends the request.</summary>
    public void BeginSpan()
    {
        if (RoutingActivity.IsListenedTo && RoutingActivity.Begin(Request.SpanName, Request.FullName, Decision) is { } span)
            EnsureExtras().Span = span;
    }

    private void EndSpan() => Extras?.Span?.Dispose();

    private void EscalateSpan()
    {
        if (Decision.Route == DatabaseRole.Replica)
            Span?.SetTag(RoutingActivity.EscalatedFromTag, nameof(DatabaseRole.Replica));
    }

    /// <summary>
    /// The replica cannot serve this query and those around it: what they read from now on must not be older than what was written, or read, on the primary.
    /// </summary>
    public void EscalateAll(RouteReason reason)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
        {
            if (frame.Decision.Route == DatabaseRole.Primary)
                continue;

            frame.EscalateSpan();
            frame.Decision = new(DatabaseRole.Primary, reason);
        }
    }

    // A command has run inside this query, which is allowed: what the query reads from now on has to show it.
    private void CommandRan()
    {
        EscalateAll(RouteReason.AfterInnerCommand);
        Shadow?.WouldRun(RouteReason.AfterInnerCommand);
    }

    /// <summary>Whether this query has turned to the primary because its replica could not serve it.</summary>
    public bool HasFallenBack => Volatile.Read(ref _stage) != NoStage;

    /// <summary>The query turns to the primary at this stage.</summary>
    /// <returns>Whether it had not got that far before: each of its contexts may turn back by itself.</returns>
    public bool FallBack(FallbackStage stage)
    {
        for (var before = Volatile.Read(ref _stage); before < (sbyte)stage;)
        {
            var seen = Interlocked.CompareExchange(ref _stage, (sbyte)stage, before);
            if (seen == before)
                return true;
            before = seen;
        }

        return false;
    }

    /// <summary>A context reads from the replica for this query, and for those around it.</summary>
    public void AddReplicaReader(IRetryParticipant context, ReplicaHealth health)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
            frame.AddReader(context, health);
    }

    /// <summary>A context has gone to the primary: what fails from now on is not the replica's fault.</summary>
    public void RemoveReplicaReader(IRetryParticipant context)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
            frame.Readers?.Leave(frame, context);
    }

    /// <summary>A context that has read from the replica was disposed, or went back to its pool.</summary>
    public void ForgetReader(IRetryParticipant context, Exception? failure)
    {
        for (var frame = this; frame is not null; frame = frame.Parent)
            frame.Readers?.Forget(frame, context, failure);
    }

    /// <summary>This query, and those around it, did something of which nobody can tell whether it may be done twice.</summary>
    /// <param name="onReplica">Whether that is to take the bare connection of a replica.</param>
    public void MarkNotRetryable(bool onReplica = false)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
        {
            if (onReplica)
                Interlocked.CompareExchange(ref frame._retry, RetryState.NotOnReplica, RetryState.Allowed);
            else
                frame._retry = RetryState.Forbidden;
        }
    }

    /// <summary>What made this query fail on the replica, if the query may run again for it; null otherwise.</summary>
    /// <remarks>It may have been sent to the primary already, by another of its contexts or by a query inside it, while this reading went on.</remarks>
    public ReplicaRead? FindFailedRead(Exception error) =>
        IsQuery && _retry == RetryState.Allowed && Readers is { } readers && readers.FailedIn(this, error) is { } failed && readers.CanRetry(this) ? failed : null;

    /// <summary>A statement of this query could run on neither server, as one of its contexts is tied to the replica. What the handler makes of the error is no answer.</summary>
    public void Interrupt(TracksInReplicaTransactionException interruption) => Readers?.Interrupt(this, interruption);

    /// <summary>The error that a statement got for it; null if there was none, or the handler runs again.</summary>
    public TracksInReplicaTransactionException? Interruption => Readers?.InterruptionOf(this);

    /// <summary>Whether the handler may run again for a reason that is not the replica's.</summary>
    /// <remarks>Also after the bare connection of a replica was taken: what can be written there at all is written on the wrong server, once as well as twice.</remarks>
    public bool CanRetry => IsQuery && _retry != RetryState.Forbidden && Readers?.CanRetry(this) != false;

    /// <summary>Lets go of what the query read from the replica: its handler is about to run again.</summary>
    public void PrepareRetry() => Readers?.PrepareRetry(this);

    // The handler around may have swallowed the error, too.
    private void PassOnInterruption()
    {
        if (Interruption is { } interruption && Outer is { IsQuery: true } outer)
            outer.Interrupt(interruption);
    }

    private enum RetryState : byte
    {
        Allowed,
        NotOnReplica,
        Forbidden,
    }

    private FrameExtras? Extras => _extras as FrameExtras;

    // What was around a suppressed flow is no more around what runs in it.
    private RouteFrame? Parent => IsSuppressed ? null : Extras?.Parent;

    private RouteFrame? Before => Extras?.Parent;

    private ReplicaReadTracker? Readers => _extras is FrameExtras rest ? rest.Readers : _extras as ReplicaReadTracker;

    private FrameExtras EnsureExtras()
    {
        while (true)
        {
            var more = Volatile.Read(ref _extras);
            if (more is FrameExtras known)
                return known;

            var rest = new FrameExtras { Readers = more as ReplicaReadTracker };
            if (ReferenceEquals(Interlocked.CompareExchange(ref _extras, rest, more), more))
                return rest;
        }
    }

    private void AddReader(IRetryParticipant context, ReplicaHealth health)
    {
        if (Readers is { } known)
        {
            known.Add(this, context, health);
            return;
        }

        var lent = context.Lend(this, health);
        var found = Interlocked.CompareExchange(ref _extras, lent, null);
        if (found is FrameExtras rest)
            found = Interlocked.CompareExchange(ref rest.Readers, lent, null);
        if (found is null)
            return;

        lent.Return(this);
        ((ReplicaReadTracker)found).Add(this, context, health);
    }

    /// <summary>Remembers, for the outermost query around this, a context whose connection it has opened by hand, so that it is closed when that query ends.</summary>
    /// <returns>The query; null inside a command, which has the context open for itself.</returns>
    public RouteFrame? OpensByHand(IConnectionOpener context, int lease)
    {
        var query = this;
        while (query.Outer is { IsQuery: true } outer)
            query = outer;
        if (!query.IsQuery || query.IsInsideCommand)
            return null;

        var rest = query.EnsureExtras();
        lock (rest)
            (rest.Openers ??= [])[context] = lease;
        return query;
    }

    /// <summary>The context was disposed, or went back to its pool.</summary>
    public void Forget(IConnectionOpener context)
    {
        if (Extras is not { } rest)
            return;
        lock (rest)
            rest.Openers?.Remove(context);
    }

    private void CloseLeftOpen()
    {
        if (Extras is not { Openers: not null } rest)
            return;

        KeyValuePair<IConnectionOpener, int>[] openers;
        lock (rest)
        {
            openers = [.. rest.Openers];
            rest.Openers = null;
        }

        foreach (var (context, lease) in openers)
            context.CloseLeftOpen(this, lease);
    }

    private void EndExtras()
    {
        CloseLeftOpen();
        EndSpan();
        PassOnInterruption();
        Readers?.Return(this);
        if (Extras is not { } rest)
        {
            _extras = null;
            return;
        }

        if (rest.Seen is { } seen)
        {
            foreach (var (primary, _) in seen)
                Session?.Saw(primary);
        }

        // What is around a scope still holds where it was begun, if it is disposed elsewhere. Around a request, only a session does: it is that of a task, too, that the request left running.
        while (IsRequest && rest.Parent is { IsSession: false } around)
            rest.Parent = around.Parent;
        rest.Seen = null;
        rest.Inner = null;
        rest.Readers = null;
    }

    private sealed class FrameExtras
    {
        public RouteFrame? Parent;
        public Activity? Span;
        public ShadowRun? Shadow;
        public ConcurrentDictionary<PrimaryPositionReader, bool>? Seen;
        public RouteFrame? Inner;
        public ReplicaReadTracker? Readers;
        public Dictionary<IConnectionOpener, int>? Openers;
    }
}
