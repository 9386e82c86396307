namespace Cqrs.Routing.Load.Offload;

/// <summary>What the queries of one run came to. Thread safe.</summary>
internal sealed class Measures
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];
    private int _onReplica;
    private int _stale;

    public void Query(TimeSpan took, bool onReplica, bool stale)
    {
        lock (_gate)
        {
            _milliseconds.Add(took.TotalMilliseconds);
            _onReplica += onReplica ? 1 : 0;
            _stale += stale ? 1 : 0;
        }
    }

    public string ToRow(string name)
    {
        lock (_gate)
        {
            _milliseconds.Sort();
            return $"| {name} | {_milliseconds.Count} | {100.0 * _onReplica / _milliseconds.Count:F1} % | {_stale} | "
                + $"{_milliseconds.Average():F2} | {_milliseconds[(int)(_milliseconds.Count * 0.95)]:F2} |";
        }
    }
}
