using Cqrs.Routing.Health;

namespace Cqrs.Routing.Scopes;

/// <summary>The contexts that a query has read from the replica with. Thread safe, since a query may use several at a time.</summary>
/// <remarks>
/// Lent by the first of them, one query after the other. What still holds it for a query that has ended is told apart by the frame that it names, and gets nothing.
/// </remarks>
internal sealed class ReplicaReadTracker(IRetryParticipant lender)
{
    private readonly Lock _gate = new();
    private RouteFrame? _query;
    private ReplicaRead _first;
    private Dictionary<IRetryParticipant, ReplicaRead>? _others;
    private Dictionary<ReplicaHealth, ReplicaRead>? _gone;
    private TracksInReplicaTransactionException? _interruption;

    /// <summary>Begins to serve a query, which reads with the lender.</summary>
    public ReplicaReadTracker LendTo(RouteFrame query, ReplicaHealth health)
    {
        // Without the lock: whoever still holds this for another query does not get past that query's name.
        _first = new(lender, health, lender.Lease, lender.Tracked);
        Volatile.Write(ref _query, query);
        return this;
    }

    /// <summary>The query has ended.</summary>
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

    /// <summary>A context reads from the primary from now on.</summary>
    public void Leave(RouteFrame query, IRetryParticipant reader)
    {
        lock (_gate)
        {
            if (_query == query)
                Mark(reader, isOver: true);
        }
    }

    /// <summary>A context was disposed, or went back to its pool. Of all such that read from one replica, one is kept: the error of any may be on its way.</summary>
    /// <param name="query">The query.</param>
    /// <param name="reader">The context.</param>
    /// <param name="failure">What the replica failed it with, if a later error may hide that.</param>
    public void Forget(RouteFrame query, IRetryParticipant reader, Exception? failure)
    {
        lock (_gate)
        {
            if (_query != query)
                return;

            // The first one lent this, and stays with it.
            if (ReferenceEquals(_first.Context, reader))
                _first = _first with { Failure = _first.Failure ?? failure };
            else if (_others is not null && _others.Remove(reader, out var reading) && !reading.IsOver && !IsFailureKnown(reading.Replica))
                (_gone ??= [])[reading.Replica] = reading with { Failure = failure };
        }
    }

    /// <summary>The reading that an error came from, with what the replica failed it with, if it is one for which the query may run again; null otherwise.</summary>
    public ReplicaRead? FailedIn(RouteFrame query, Exception error)
    {
        foreach (var reading in AllOf(query))
        {
            if (!reading.IsOver && (reading.Failure ?? reading.Context.FailureIn(error)) is { } failure)
                return reading with { Failure = failure };
        }

        return null;
    }

    /// <summary>A statement of the query could run on neither server.</summary>
    public void Interrupt(RouteFrame query, TracksInReplicaTransactionException interruption)
    {
        lock (_gate)
        {
            if (_query == query)
                Volatile.Write(ref _interruption, interruption);
        }
    }

    /// <summary>The error that the statement got; null if there was none. Without the lock, as it is asked for each query.</summary>
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
