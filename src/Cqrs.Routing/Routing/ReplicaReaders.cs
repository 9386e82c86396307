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
            if (_first.Is(reader) || _others?.Exists(other => other.Is(reader)) == true)
                return;

            if (_first.Context is null)
                _first = new(reader, health, reader.Lease, reader.Tracked);
            else
                (_others ??= []).Add(new(reader, health, reader.Lease, reader.Tracked));
        }
    }

    /// <summary>The reading that an error came from, if it is one for which the query may run again; null otherwise.</summary>
    public ReplicaReading? FailedIn(Exception error)
    {
        foreach (var reader in All())
        {
            if (reader.Context.Classify(error) != ReplicaFailure.None)
                return reader;
        }

        return null;
    }

    public bool CanBeginAnew() => All().TrueForAll(reader => !reader.IsLive || reader.Context.CanBeginAnew(reader.Tracked));

    public void BeginAnew()
    {
        foreach (var reader in All())
        {
            if (reader.IsLive)
                reader.Context.BeginAnew(reader.Tracked);
        }
    }

    private List<ReplicaReading> All()
    {
        lock (_gate)
            return _first.Context is null ? [] : [_first, .. _others ?? []];
    }
}
