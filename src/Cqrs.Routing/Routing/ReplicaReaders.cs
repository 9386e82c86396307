using Cqrs.Routing.Health;

namespace Cqrs.Routing.Routing;

/// <summary>The contexts that a query has read from the replica with. Thread safe, since a query may use several at a time.</summary>
/// <remarks>
/// Lent by the first of them, one query after the other. What still holds it for a query that has ended is told apart by the frame that it names, and gets nothing.
/// </remarks>
internal sealed class ReplicaReaders(IReplicaReader lender)
{
    private readonly Lock _gate = new();
    private RouteFrame? _query;
    private ReplicaReading _first;
    private List<ReplicaReading>? _others;
    private TracksInReplicaTransactionException? _interruption;

    /// <summary>Begins to serve a query, which reads with the lender.</summary>
    public ReplicaReaders LendTo(RouteFrame query, ReplicaHealth health)
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
            _interruption = null;
        }

        lender.TakeBack(this);
    }

    public void Add(RouteFrame query, IReplicaReader reader, ReplicaHealth health)
    {
        lock (_gate)
        {
            if (_query != query || Mark(reader, isOver: false))
                return;

            if (_first.Context is null)
                _first = new(reader, health, reader.Lease, reader.Tracked);
            else
                (_others ??= []).Add(new(reader, health, reader.Lease, reader.Tracked));
        }
    }

    /// <summary>A context reads from the primary from now on.</summary>
    public void Leave(RouteFrame query, IReplicaReader reader)
    {
        lock (_gate)
        {
            if (_query == query)
                Mark(reader, isOver: true);
        }
    }

    /// <summary>The reading that an error came from, if it is one for which the query may run again; null otherwise.</summary>
    public ReplicaReading? FailedIn(RouteFrame query, Exception error)
    {
        foreach (var reading in AllOf(query))
        {
            if (!reading.IsOver && reading.Context.Classify(error) != ReplicaFailure.None)
                return reading;
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

    public bool CanBeginAnew(RouteFrame query) => AllOf(query).TrueForAll(reading => !reading.IsLive || reading.Context.CanBeginAnew(query, reading.Tracked));

    public void BeginAnew(RouteFrame query)
    {
        lock (_gate)
        {
            if (_query == query)
                _interruption = null;
        }

        foreach (var reading in AllOf(query))
        {
            if (reading.IsLive)
                reading.Context.BeginAnew();
        }
    }

    private bool Mark(IReplicaReader reader, bool isOver)
    {
        if (_first.Is(reader))
        {
            _first = _first with { IsOver = isOver };
            return true;
        }

        for (var index = 0; index < _others?.Count; index++)
        {
            if (!_others[index].Is(reader))
                continue;

            _others[index] = _others[index] with { IsOver = isOver };
            return true;
        }

        return false;
    }

    private List<ReplicaReading> AllOf(RouteFrame query)
    {
        lock (_gate)
            return _query != query || _first.Context is null ? [] : [_first, .. _others ?? []];
    }
}
