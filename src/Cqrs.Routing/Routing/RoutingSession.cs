namespace Cqrs.Routing.Routing;

/// <summary>What one dependency injection scope remembers for its later requests.</summary>
/// <remarks>Scoped. Requests of one scope may run in parallel, so its members are thread safe.</remarks>
internal sealed class RoutingSession
{
    private readonly List<IReplicaReads> _replicaReads = [];
    private volatile bool _commandRan;

    /// <summary>Whether a command used the primary in this scope.</summary>
    public bool CommandRan => _commandRan;

    public void CommandUsedPrimary() => _commandRan = true;

    public void Add(IReplicaReads reads)
    {
        lock (_replicaReads)
            _replicaReads.Add(reads);
    }

    public void Remove(IReplicaReads reads)
    {
        lock (_replicaReads)
            _replicaReads.Remove(reads);
    }

    /// <summary>A command starts: what queries left in this scope's change trackers may be stale, so it must not work on it.</summary>
    public void ForgetReplicaReads()
    {
        IReplicaReads[] all;
        lock (_replicaReads)
        {
            if (_replicaReads.Count == 0)
                return;
            all = [.. _replicaReads];
        }

        foreach (var reads in all)
            reads.Forget();
    }
}
