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

/// <summary>Represents one request, or one <see cref="RouteScope"/>, that is running in the current asynchronous flow.</summary>
/// <remarks>
/// The flow keeps a reference to its frame, and so does background work that was started inside it. <see cref="Ended"/> reports to such work that the request is over, so
/// it returns to the default: the primary. An ended frame holds no container, because such work may last as long as the process.
/// </remarks>
internal sealed class RouteFrame : IDisposable
{
    private const ushort Undecided = ushort.MaxValue;
    private const sbyte NoStage = -1;

    private static readonly AsyncLocal<RouteFrame?> Ambient = new();

    private readonly Traits _traits;
    private volatile bool _ended;
    private volatile bool _usedPrimary;

    // The session, or the scope that resolves it.
    private object? _scope;

    // Route and reason share one field, so that another thread never sees one without the other.
    private ushort _decision;
    private volatile bool _isShadowModeDecided;
    private sbyte _stage = NoStage;
    private volatile RetryState _retry;

    // Null, the tracker of replica reads, or the extras, which then hold the tracker as well.
    private object? _extras;

    public RouteFrame(RequestInfo request, IServiceProvider? scope, bool forced = false)
        : this(request, scope, Innermost, forced)
    {
    }

    /// <param name="request">The request.</param>
    /// <param name="scope">The scope of its session; null for the session of the surrounding frame.</param>
    /// <param name="around">The surrounding frame: <see cref="Innermost"/>.</param>
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

    /// <summary>Gets the innermost frame of this flow that has not ended; null if there is none, in which case nothing is routed.</summary>
    public static RouteFrame? Current
    {
        get
        {
            var frame = Ambient.Value;
            return frame is null or { _ended: false, IsPlain: true } ? frame : Running(Innermost);
        }
    }

    /// <summary>Gets the session of the innermost frame, even if no request is running.</summary>
    public static RoutingSession? CurrentSession => Innermost?.Session;

    /// <summary>Gets the same frame as <see cref="Current"/>, or the frame of a session.</summary>
    public static RouteFrame? Innermost
    {
        get
        {
            var frame = Ambient.Value;
            // A scope may be disposed in another flow than the one that began it. The frames around it still apply there. Around an ended request, only a session
            // applies.
            while (frame is { _ended: true })
                frame = frame.Parent;
            return frame;
        }
    }

    /// <summary>Returns the running request or scope at an innermost frame; null if there is none.</summary>
    public static RouteFrame? Running(RouteFrame? innermost)
    {
        // A session alone is not a request: code in it is routed like the code around it.
        var frame = innermost;
        while (frame is { IsSession: true } or { _ended: true, IsRequest: false })
            frame = frame.Parent;
        return frame is { _ended: false, IsSuppressed: false } ? frame : null;
    }

    public RequestInfo Request { get; }

    /// <summary>Gets whether the frame is a request. It is false for <see cref="RouteScope.ForcePrimary"/>, which only changes where code reads.</summary>
    public bool IsRequest => (_traits & Traits.Request) != 0;

    /// <summary>Gets whether writes are refused: in a query, or in anything but a command inside one.</summary>
    public bool IsQuery => (_traits & Traits.Query) != 0;

    /// <summary>Gets whether a command is running, or an unclassified request, which counts as one. <see cref="RouteScope.ForcePrimary"/> alone does not count.</summary>
    public bool IsCommand => !IsQuery && (IsRequest || Outer is { IsCommand: true });

    /// <summary>Returns whether no request is running, so the purpose of the code is not declared. <see cref="RouteScope.ForcePrimary"/> alone does not count as a request.</summary>
    public static bool IsOutside(RouteFrame? frame) => frame is null or { IsQuery: false, IsCommand: false };

    /// <summary>Gets whether a command is running at any level around this frame.</summary>
    public bool IsInsideCommand => Outer is { } outer && (outer.IsCommand || outer.IsInsideCommand);

    /// <summary>Gets whether a query may send commands. A permission for a request type also applies to the scopes inside it.</summary>
    public bool AllowsCommands => Request.AllowsCommands || Outer is { AllowsCommands: true };

    public bool Ended => _ended;

    /// <summary>Gets the request or scope that this frame runs in.</summary>
    public RouteFrame? Outer => Parent is { } around ? OuterOf(around) : null;

    public bool UsedPrimary => _usedPrimary;

    /// <summary>Gets the request that messages name: the innermost one that is not a <see cref="RouteScope.ForcePrimary"/>.</summary>
    public string RequestName => IsRequest || Outer is not { } outer ? Request.Name : outer.RequestName;

    private bool IsSession => (_traits & Traits.Session) != 0;

    private bool IsSuppressed => (_traits & Traits.Suppressed) != 0;

    private bool IsPlain => (_traits & (Traits.Session | Traits.Suppressed)) == 0;

    /// <summary>Creates a frame that belongs to no request and no session, even after it has ended.</summary>
    public static RouteFrame ForNone() => new();

    public static RouteFrame ForSession(RoutingSession session) => new(session);

    /// <summary>Makes this the current frame of the calling flow.</summary>
    public void Enter()
    {
        Ambient.Value = this;
        if (Extras?.Span is { } span)
            Activity.Current = span;
    }

    /// <summary>Makes this stream's frame current again, or the innermost open scope that its handler began. The flow of the enumerator does not keep either.</summary>
    public void EnterStream()
    {
        Enter();
        var inner = Extras?.Inner;
        while (inner is { _ended: true } && inner != this)
            inner = inner.Parent;
        Ambient.Value = inner ?? this;
    }

    /// <summary>Begins a scope in the calling flow. It lasts until it is disposed, even in a stream's handler that yields.</summary>
    public void Begin()
    {
        Enter();
        var around = Before;
        while (around is not null && (around.IsSession || around.IsSuppressed || around.Request.Type == typeof(RouteScope)))
            around = around.Parent;
        if (around is { _ended: false })
            around.EnsureExtras().Inner = this;
    }

    /// <summary>Records that a context of this request used the primary.</summary>
    public void UsePrimary()
    {
        for (var frame = this; frame is { _usedPrimary: false }; frame = frame.Outer)
            frame._usedPrimary = true;
    }

    /// <summary>Records a command or an unclassified request in its session, also while it runs, because it may commit at any time.</summary>
    public void BeginCommand()
    {
        if (IsRequest && !IsQuery)
            Session?.SessionPositions.CommandBegins();
    }

    // A TransactionScope around the command commits only when it completes.
    private void EndCommand()
    {
        if (!IsRequest || IsQuery || Session is not { } session)
            return;

        session.SessionPositions.CommandEnds();
        if (AmbientTransactions.Get() == AmbientTransactionState.Active)
            session.NoteWhenCompleted(Transaction.Current!);
    }

    /// <summary>Records that a query read from a primary. When the query ends, its session requires the position of that read, also for later reads of the query around it.</summary>
    public void NotePrimaryRead(PrimaryPositionReader primary)
    {
        if (Extras?.Seen?.ContainsKey(primary) != true)
            LazyInitializer.EnsureInitialized(ref EnsureExtras().Seen, static () => new()).TryAdd(primary, true);
    }

    /// <summary>Ends a request. The awaiting flow gets its own frame back, because asynchronous methods restore it.</summary>
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

    /// <summary>Ends a scope and, in the flow that began it, restores the surrounding frame.</summary>
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

    /// <summary>Gets the route of the request. For an outermost query, the session's writes count up to the first read of this property.</summary>
    public RouteDecision Decision
    {
        get
        {
            var decision = Volatile.Read(ref _decision);
            return decision == Undecided ? Decide() : Unpack(decision);
        }
        private set => Volatile.Write(ref _decision, Pack(value));
    }

    /// <summary>Gets the session of the frame's scope; null if it has none.</summary>
    public RoutingSession? Session => _scope switch
    {
        null => null,
        RoutingSession session => session,
        var scope => FindSession((IServiceProvider)scope),
    };

    /// <summary>Gets whether the frame has no session yet.</summary>
    public bool LacksSession => Volatile.Read(ref _scope) is null;

    /// <summary>Assigns the session of a scope if the frame has none.</summary>
    public void BelongTo(IServiceProvider scope)
    {
        if (Interlocked.CompareExchange(ref _scope, scope, null) is not null)
            return;

        // A surrounding command wrote for the same session. A frame that is not a request, such as ForcePrimary, has no session, and its writes do not count.
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
            // The sender disposed the scope without waiting for this request, so the session's writes are unknown.
            Interlocked.CompareExchange(ref _decision, Pack(new(DatabaseRole.Primary, RouteReason.PositionUnknown)), Undecided);
            return null;
        }
    }

    // A request inside another one belongs to the same user, even in another scope.
    private void ShareSession(RouteFrame around)
    {
        if (!ReferenceEquals(_scope, around._scope) && around.Session is { } shared)
            Session?.ShareWith(shared);
    }

    /// <summary>Gets the shadow run of this request; null if it is routed, or not decided yet.</summary>
    public ShadowRun? Shadow => Extras?.Shadow;

    /// <summary>Gets whether the shadow mode of this request was decided.</summary>
    public bool IsShadowModeDecided => _isShadowModeDecided;

    /// <summary>Decides whether the request runs in shadow mode, if that was not done yet.</summary>
    /// <remarks>
    /// A <see cref="RouteScope"/> has no reference to the application, so the first context or request inside decides for an outermost one.
    /// <see cref="RouteScope.ForcePrimary"/> alone is not a request: a request sent inside it is the outermost.
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

    /// <summary>Routes this request even if other requests run in shadow mode.</summary>
    public void ExcludeFromShadow() => _isShadowModeDecided = true;

    private void SetShadowRun(ShadowRun? run)
    {
        if (run is not null && Interlocked.CompareExchange(ref EnsureExtras().Shadow, run, null) is null)
            Decision = RoutePolicy.Shadow(Decision);
        _isShadowModeDecided = true;
    }

    /// <summary>Gets the span of the request that this frame is, or is part of.</summary>
    public Activity? Span => Extras?.Span ?? (Request.Type == typeof(RouteScope) ? Outer?.Span : null);

    /// <summary>Begins the span of the request. Call it in the flow that sends the request.</summary>
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

    /// <summary>Sends this query and its outer queries to the primary. Their later reads must not be older than the data written or read there.</summary>
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

    // A command may run inside this query if allowed. The query's later reads must show its writes.
    private void CommandRan()
    {
        EscalateAll(RouteReason.AfterInnerCommand);
        Shadow?.WouldRun(RouteReason.AfterInnerCommand);
    }

    /// <summary>Gets whether this query moved to the primary because its replica could not serve it.</summary>
    public bool HasFallenBack => Volatile.Read(ref _stage) != NoStage;

    /// <summary>Records that the query falls back to the primary at a stage.</summary>
    /// <returns>Whether the query had not fallen back at this stage or a later one before. Each of its contexts may fall back by itself.</returns>
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

    /// <summary>Records that a context reads from the replica for this query and its outer queries.</summary>
    public void AddReplicaReader(IRetryParticipant context, ReplicaHealth health)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
            frame.AddReader(context, health);
    }

    /// <summary>Records that a context moved to the primary. Later failures are not the replica's fault.</summary>
    public void RemoveReplicaReader(IRetryParticipant context)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
            frame.Readers?.Leave(frame, context);
    }

    /// <summary>Records that a context that read from the replica was disposed or returned to its pool.</summary>
    public void ForgetReader(IRetryParticipant context, Exception? failure)
    {
        for (var frame = this; frame is not null; frame = frame.Parent)
            frame.Readers?.Forget(frame, context, failure);
    }

    /// <summary>Marks this query and its outer queries as not safe to run again.</summary>
    /// <param name="onReplica">Whether the reason is that the code took the raw connection of a replica.</param>
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

    /// <summary>Returns the read that failed on the replica if the query may run again for it; otherwise null.</summary>
    /// <remarks>Another context of the query, or a query inside it, may have sent the query to the primary while this read was still running.</remarks>
    public ReplicaRead? FindFailedRead(Exception error) =>
        IsQuery && _retry == RetryState.Allowed && Readers is { } readers && readers.FailedIn(this, error) is { } failed && readers.CanRetry(this) ? failed : null;

    /// <summary>
    /// Records that a statement of this query could run on neither server, because one of its contexts is tied to the replica. The handler's answer is then not valid,
    /// even if it catches the error.
    /// </summary>
    public void Interrupt(TracksInReplicaTransactionException interruption) => Readers?.Interrupt(this, interruption);

    /// <summary>Gets the error of that statement; null if there was none, or if the handler runs again.</summary>
    public TracksInReplicaTransactionException? Interruption => Readers?.InterruptionOf(this);

    /// <summary>Gets whether the handler may run again for a reason other than a failure of the replica.</summary>
    /// <remarks>It may, even after the raw connection of a replica was taken. A write there would go to the wrong server, once or twice.</remarks>
    public bool CanRetry => IsQuery && _retry != RetryState.Forbidden && Readers?.CanRetry(this) != false;

    /// <summary>Releases the connections and readers that the query holds on the replica, before its handler runs again.</summary>
    public void PrepareRetry() => Readers?.PrepareRetry(this);

    // The outer handler may have caught the error, too.
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

    // A suppressed flow hides the frames around it from the code inside it.
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

    /// <summary>Records, for the outermost query around this frame, a context whose connection was opened by hand, so that it is closed when that query ends.</summary>
    /// <returns>The query; null inside a command, which opened the context for itself.</returns>
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

    /// <summary>Removes a context that was disposed or returned to its pool.</summary>
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

        // If a scope is disposed in another flow, the frames around it still apply where it began. Around a request, only a session applies. It also applies to a task
        // that the request left running.
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
