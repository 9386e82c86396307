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

    private RouteFrame? Around => Others?.Around;

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

    private void EndRest()
    {
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
    }
}
