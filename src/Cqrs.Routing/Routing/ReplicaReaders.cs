using Cqrs.Routing.Health;

namespace Cqrs.Routing.Routing;

/// <summary>The contexts that a query has read from the replica with. Thread safe, since a query may use several at a time.</summary>
internal sealed class ReplicaReaders
{
    private readonly Lock _gate = new();
    private ReplicaReading _first;
    private List<ReplicaReading>? _others;

    public void Add(IReplicaReader reader, ReplicaHealth health)
    {
        lock (_gate)
        {
            if (Mark(reader, isOver: false))
                return;

            if (_first.Context is null)
                _first = new(reader, health, reader.Lease, reader.Tracked);
            else
                (_others ??= []).Add(new(reader, health, reader.Lease, reader.Tracked));
        }
    }

    /// <summary>A context reads from the primary from now on.</summary>
    public void Leave(IReplicaReader reader)
    {
        lock (_gate)
            Mark(reader, isOver: true);
    }

    /// <summary>The reading that an error came from, if it is one for which the query may run again; null otherwise.</summary>
    public ReplicaReading? FailedIn(Exception error)
    {
        foreach (var reading in All())
        {
            if (!reading.IsOver && reading.Context.Classify(error) != ReplicaFailure.None)
                return reading;
        }

        return null;
    }

    public bool CanBeginAnew() => All().TrueForAll(reading => !reading.IsLive || reading.Context.CanBeginAnew(reading.Tracked));

    public void BeginAnew()
    {
        foreach (var reading in All())
        {
            if (reading.IsLive)
                reading.Context.BeginAnew(reading.Tracked);
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

    private List<ReplicaReading> All()
    {
        lock (_gate)
            return _first.Context is null ? [] : [_first, .. _others ?? []];
    }
}
