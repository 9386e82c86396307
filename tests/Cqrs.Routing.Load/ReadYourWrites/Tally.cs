namespace Cqrs.Routing.Load.ReadYourWrites;

/// <summary>What all workers of a pass saw. Thread safe.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly List<string> _examples = [];
    private long _pairs;
    private long _queries;
    private long _onReplica;
    private long _missed;
    private long _backwards;
    private long _errors;

    public long Pairs => Interlocked.Read(ref _pairs);

    public long Queries => Interlocked.Read(ref _queries);

    public long OnReplica => Interlocked.Read(ref _onReplica);

    /// <summary>Queries that missed what their session had written.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>The same, and those that showed less than an earlier query of their session.</summary>
    public long Stale => Missed + Backwards;

    public long Backwards => Interlocked.Read(ref _backwards);

    public long Errors => Interlocked.Read(ref _errors);

    public double ReplicaShare => Queries == 0 ? 0 : (double)OnReplica / Queries;

    /// <summary>The first few failures, to look into.</summary>
    public IReadOnlyList<string> Examples
    {
        get
        {
            lock (_gate)
                return [.. _examples];
        }
    }

    public void Pair() => Interlocked.Increment(ref _pairs);

    public void Query(bool onReplica)
    {
        Interlocked.Increment(ref _queries);
        if (onReplica)
            Interlocked.Increment(ref _onReplica);
    }

    public void MissedOwnWrite() => Interlocked.Increment(ref _missed);

    public void WentBack() => Interlocked.Increment(ref _backwards);

    public void Error(string what)
    {
        Interlocked.Increment(ref _errors);
        lock (_gate)
        {
            if (_examples.Count < 5)
                _examples.Add(what);
        }
    }
}
