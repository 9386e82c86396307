using System.Collections.Concurrent;
using System.Diagnostics;
using Cqrs.Routing.Health;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.Scopes;

/// <summary>A frame is as small as the outermost query is that nobody watches; what others need besides is made when they need it.</summary>
internal sealed partial class RouteFrame
{
    // Nothing, what the query has read from its replica, or the rest, which then holds that as well.
    private object? _rare;

    private RareState? Rare => _rare as RareState;

    // What was around a suppressed flow is no more around what runs in it.
    private RouteFrame? Parent => IsSuppressed ? null : Rare?.Around;

    private RouteFrame? Before => Rare?.Around;

    private ReplicaReadTracker? Readers => _rare is RareState rest ? rest.Readers : _rare as ReplicaReadTracker;

    private RareState EnsureRare()
    {
        while (true)
        {
            var more = Volatile.Read(ref _rare);
            if (more is RareState known)
                return known;

            var rest = new RareState { Readers = more as ReplicaReadTracker };
            if (ReferenceEquals(Interlocked.CompareExchange(ref _rare, rest, more), more))
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
        var found = Interlocked.CompareExchange(ref _rare, lent, null);
        if (found is RareState rest)
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

        var rest = query.EnsureRare();
        lock (rest)
            (rest.Openers ??= [])[context] = lease;
        return query;
    }

    /// <summary>The context was disposed, or went back to its pool.</summary>
    public void Forget(IConnectionOpener context)
    {
        if (Rare is not { } rest)
            return;
        lock (rest)
            rest.Openers?.Remove(context);
    }

    private void CloseLeftOpen()
    {
        if (Rare is not { Openers: not null } rest)
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

    private void EndRest()
    {
        CloseLeftOpen();
        EndSpan();
        PassOnInterruption();
        Readers?.Return(this);
        if (Rare is not { } rest)
        {
            _rare = null;
            return;
        }

        if (rest.Seen is { } seen)
        {
            foreach (var (primary, _) in seen)
                Session?.Saw(primary);
        }

        // What is around a scope still holds where it was begun, if it is disposed elsewhere. Around a request, only a session does: it is that of a task, too, that the request left running.
        while (IsRequest && rest.Around is { IsSession: false } around)
            rest.Around = around.Parent;
        rest.Seen = null;
        rest.Inner = null;
        rest.Readers = null;
    }

    private sealed class RareState
    {
        public RouteFrame? Around;
        public Activity? Span;
        public ShadowRun? Shadow;
        public ConcurrentDictionary<PrimaryPositionReader, bool>? Seen;
        public RouteFrame? Inner;
        public ReplicaReadTracker? Readers;
        public Dictionary<IConnectionOpener, int>? Openers;
    }
}
