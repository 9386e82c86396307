using System.Collections.Concurrent;
using System.Diagnostics;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Health;

namespace Cqrs.Routing.Routing;

/// <summary>A frame is as small as the outermost query is that nobody watches; what others need besides is made when they need it.</summary>
internal sealed partial class RouteFrame
{
    // Nothing, what the query has read from its replica, or the rest, which then holds that as well.
    private object? _more;

    private Rest? Others => _more as Rest;

    // What was around a suppressed flow is no more around what runs in it.
    private RouteFrame? Around => IsSuppressed ? null : Others?.Around;

    private RouteFrame? Before => Others?.Around;

    private ReplicaReaders? Readers => _more is Rest rest ? rest.Readers : _more as ReplicaReaders;

    private Rest EnsureOthers()
    {
        while (true)
        {
            var more = Volatile.Read(ref _more);
            if (more is Rest known)
                return known;

            var rest = new Rest { Readers = more as ReplicaReaders };
            if (ReferenceEquals(Interlocked.CompareExchange(ref _more, rest, more), more))
                return rest;
        }
    }

    private void AddReader(IReplicaReader context, ReplicaHealth health)
    {
        if (Readers is { } known)
        {
            known.Add(this, context, health);
            return;
        }

        var lent = context.Lend(this, health);
        var found = Interlocked.CompareExchange(ref _more, lent, null);
        if (found is Rest rest)
            found = Interlocked.CompareExchange(ref rest.Readers, lent, null);
        if (found is null)
            return;

        lent.Return(this);
        ((ReplicaReaders)found).Add(this, context, health);
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

        var rest = query.EnsureOthers();
        lock (rest)
            (rest.Openers ??= [])[context] = lease;
        return query;
    }

    /// <summary>The context was disposed, or went back to its pool.</summary>
    public void Forget(IConnectionOpener context)
    {
        if (Others is not { } rest)
            return;
        lock (rest)
            rest.Openers?.Remove(context);
    }

    private void CloseLeftOpen()
    {
        if (Others is not { Openers: not null } rest)
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
        if (Others is not { } rest)
        {
            _more = null;
            return;
        }

        if (rest.Seen is { } seen)
        {
            foreach (var (primary, _) in seen)
                Session?.Saw(primary);
        }

        // What is around a scope still holds where it was begun, if it is disposed elsewhere. Around a request, only a session does: it is that of a task, too, that the request left running.
        while (IsRequest && rest.Around is { IsSession: false } around)
            rest.Around = around.Around;
        rest.Seen = null;
        rest.Inner = null;
        rest.Readers = null;
    }

    private sealed class Rest
    {
        public RouteFrame? Around;
        public Activity? Span;
        public ShadowRun? Shadow;
        public ConcurrentDictionary<PrimaryProbe, bool>? Seen;
        public RouteFrame? Inner;
        public ReplicaReaders? Readers;
        public Dictionary<IConnectionOpener, int>? Openers;
    }
}
