using Cqrs.Routing.Health;

namespace Cqrs.Routing.Scopes;

/// <summary>Records the contexts that a query read from the replica with. Thread safe, because a query may use several at a time.</summary>
/// <remarks>Owned by one context and reused for its consecutive queries. Every call passes its frame; calls for a finished frame are ignored.</remarks>
internal sealed class ReplicaReadTracker(IRetryParticipant lender)
{
    private readonly Lock _gate = new();
    private RouteFrame? _query;
    private ReplicaRead _first;
    private Dictionary<IRetryParticipant, ReplicaRead>? _others;
    private Dictionary<ReplicaHealth, ReplicaRead>? _gone;
    private TracksInReplicaTransactionException? _interruption;

    /// <summary>Begins to record for a query that reads with the owning context.</summary>
    public ReplicaReadTracker LendTo(RouteFrame query, ReplicaHealth health)
    {
        // No lock is needed: a caller that still holds this tracker for an earlier query fails the check of the query.
        _first = new(lender, health, lender.Lease, lender.Tracked);
        Volatile.Write(ref _query, query);
        return this;
    }

    /// <summary>Clears the tracker at the end of a query and gives it back to its owner.</summary>
    public void Return(RouteFrame query)
    {
        lock (_gate)
        {
            if (_query != query)
                return;

            _query = null;
            _first = default;
            _others = null;
            _gone = null;
            _interruption = null;
        }

        lender.TakeBack(this);
    }

    public void Add(RouteFrame query, IRetryParticipant reader, ReplicaHealth health)
    {
        lock (_gate)
        {
            if (_query != query || Mark(reader, isOver: false))
                return;

            if (_first.Context is null)
                _first = new(reader, health, reader.Lease, reader.Tracked);
            else
                (_others ??= [])[reader] = new(reader, health, reader.Lease, reader.Tracked);
        }
    }

    /// <summary>Records that a context reads from the primary from now on.</summary>
    public void Leave(RouteFrame query, IRetryParticipant reader)
    {
        lock (_gate)
        {
            if (_query == query)
                Mark(reader, isOver: true);
        }
    }

    /// <summary>Records that a context was disposed or returned to its pool. One such read per replica is kept, because an error of any of them may still arrive.</summary>
    /// <param name="query">The query.</param>
    /// <param name="reader">The context.</param>
    /// <param name="failure">The replica's failure, if a later error may hide it; otherwise null.</param>
    public void Forget(RouteFrame query, IRetryParticipant reader, Exception? failure)
    {
        lock (_gate)
        {
            if (_query != query)
                return;

            // The first context owns this tracker, so its entry stays.
            if (ReferenceEquals(_first.Context, reader))
                _first = _first with { Failure = _first.Failure ?? failure };
            else if (_others is not null && _others.Remove(reader, out var reading) && !reading.IsOver && !IsFailureKnown(reading.Replica))
                (_gone ??= [])[reading.Replica] = reading with { Failure = failure };
        }
    }

    /// <summary>Returns the read that an error came from, with the replica's failure, if the query may run again for it; otherwise null.</summary>
    public ReplicaRead? FailedIn(RouteFrame query, Exception error)
    {
        foreach (var reading in AllOf(query))
        {
            if (!reading.IsOver && (reading.Failure ?? reading.Context.FailureIn(error)) is { } failure)
                return reading with { Failure = failure };
        }

        return null;
    }

    /// <summary>Records that a statement of the query could run on neither server.</summary>
    public void Interrupt(RouteFrame query, TracksInReplicaTransactionException interruption)
    {
        lock (_gate)
        {
            if (_query == query)
                Volatile.Write(ref _interruption, interruption);
        }
    }

    /// <summary>Returns the error of that statement; null if there is none. Reads without the lock, because every query calls it.</summary>
    public TracksInReplicaTransactionException? InterruptionOf(RouteFrame query) =>
        Volatile.Read(ref _interruption) is { } interruption && Volatile.Read(ref _query) == query ? interruption : null;

    public bool CanRetry(RouteFrame query) => AllOf(query).TrueForAll(reading => !reading.IsLive || reading.Context.CanRetry(query, reading.Tracked));

    public void PrepareRetry(RouteFrame query)
    {
        lock (_gate)
        {
            if (_query == query)
                _interruption = null;
        }

        foreach (var reading in AllOf(query))
        {
            if (reading.IsLive)
                reading.Context.PrepareRetry();
        }
    }

    private bool Mark(IRetryParticipant reader, bool isOver)
    {
        if (_first.Is(reader))
        {
            _first = _first with { IsOver = isOver };
            return true;
        }

        if (_others is null || !_others.TryGetValue(reader, out var reading) || !reading.IsLive)
            return false;

        _others[reader] = reading with { IsOver = isOver };
        return true;
    }

    private bool IsFailureKnown(ReplicaHealth replica) => _gone is not null && _gone.TryGetValue(replica, out var reading) && reading.Failure is not null;

    private List<ReplicaRead> AllOf(RouteFrame query)
    {
        lock (_gate)
        {
            if (_query != query)
                return [];

            var all = new List<ReplicaRead>();
            if (_first.Context is not null)
                all.Add(_first);
            if (_others is not null)
                all.AddRange(_others.Values);
            if (_gone is not null)
                all.AddRange(_gone.Values);
            return all;
        }
    }
}
