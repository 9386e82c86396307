using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// What queries of one context have tracked from the replica. A command must not work on rows that may be stale, so what is still
/// <see cref="EntityState.Unchanged"/> of it is detached when a command starts. Nothing else of the change tracker is ever touched.
/// </summary>
internal sealed class ReplicaReads(DbContext context) : IReplicaReads
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, int> _entities = new(ReferenceEqualityComparer.Instance);
    private RoutingSession? _session;
    private RouteFrame? _user;
    private EventHandler<EntityTrackedEventArgs>? _onTracked;
    private bool _watching;
    private int _tracked;

    /// <summary>Changes when the context is disposed or goes back to its pool.</summary>
    public int Lease { get; private set; }

    /// <summary>How many entities were tracked from the replica in this lease.</summary>
    public int Tracked => _tracked;

    /// <summary>Set by the switch: whether what is tracked now comes from the replica.</summary>
    public Func<bool> FromReplica { get; set; } = static () => false;

    /// <summary>Begins to listen, once per lease of the context: EF drops the listeners of a context that goes back to its pool.</summary>
    public void Watch()
    {
        if (_watching)
            return;

        _watching = true;
        context.ChangeTracker.Tracked += _onTracked ??= OnTracked;
    }

    /// <summary>A request is about to use the context: until it ends, commands that run beside it leave the context alone.</summary>
    public void UseBy(RouteFrame? frame)
    {
        // Where nothing was tracked there is nothing that a command beside this could detach.
        if (_entities.Count == 0)
        {
            _user = Outermost(frame);
            return;
        }

        lock (_gate)
            _user = Outermost(frame);
    }

    public void Forget()
    {
        lock (_gate)
        {
            if (_entities.Count == 0 || IsInUse())
                return;

            UnchangedEntries.Detach(context, [.. _entities.Keys]);
            _entities.Clear();
            _user = null;
        }
    }

    /// <summary>Whether nobody has changed what was tracked after the first so many entities.</summary>
    public bool AreUnchanged(int after)
    {
        lock (_gate)
        {
            return !_entities.Any(entity => entity.Value > after)
                || context.ChangeTracker.Entries().All(entry => entry.State == EntityState.Unchanged || !_entities.TryGetValue(entry.Entity, out var number) || number <= after);
        }
    }

    /// <summary>Detaches what was tracked after the first so many entities.</summary>
    public void Forget(int after)
    {
        lock (_gate)
        {
            var later = _entities.Where(entity => entity.Value > after).Select(entity => entity.Key).ToHashSet(ReferenceEqualityComparer.Instance);
            UnchangedEntries.Detach(context, later!);
            foreach (var entity in later)
                _entities.Remove(entity!);
        }
    }

    /// <summary>The context was disposed or went back to its pool: whoever gets it next must not be touched.</summary>
    public void Release()
    {
        if (_entities.Count == 0 && _session is null)
        {
            End();
            return;
        }

        RoutingSession? session;
        lock (_gate)
        {
            session = _session;
            _session = null;
            _entities.Clear();
            End();
        }

        session?.Remove(this);
    }

    private void End()
    {
        _user = null;
        _tracked = 0;
        _watching = false;
        Lease++;
    }

    private void OnTracked(object? sender, EntityTrackedEventArgs e)
    {
        if (!e.FromQuery || !FromReplica())
            return;

        var frame = RouteFrame.Current;
        RoutingSession? joined = null;
        lock (_gate)
        {
            _entities[e.Entry.Entity] = ++_tracked;
            _user = Outermost(frame);
            if (_session is null && frame?.Session is { } session)
                _session = joined = session;
        }

        joined?.Add(this);
    }

    // An inner request ends before the one that sent it, which then still uses the context.
    private static RouteFrame? Outermost(RouteFrame? frame)
    {
        var outermost = frame;
        for (; frame is not null; frame = frame.Outer)
        {
            if (!frame.Ended)
                outermost = frame;
        }

        return outermost;
    }

    // A command that runs beside a query of the same scope must leave that query's own context alone; one that the query itself sent need not.
    private bool IsInUse()
    {
        if (_user is null or { Ended: true })
            return false;

        for (var frame = RouteFrame.Current; frame is not null; frame = frame.Outer)
        {
            if (ReferenceEquals(frame, _user))
                return false;
        }

        return true;
    }
}
