namespace Sample.Api.Traces;

/// <summary>The last lines of the log. Equal ones in a row, such as the page's own refreshing, are one line with a count.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RouteLog(TimeProvider time)
{
    private const int Capacity = 100;
    private readonly Lock _gate = new();
    private readonly LinkedList<RouteLogEntry> _newestFirst = [];
    private int _lastId;
    private int _primary;
    private int _replica;

    public RouteLogView View()
    {
        lock (_gate)
            return new(_primary, _replica, [.. _newestFirst]);
    }

    public void Add(string source, RouteTrace trace, int? status = null)
    {
        lock (_gate)
        {
            var entry = new RouteLogEntry(
                ++_lastId, time.GetUtcNow(), source, status, trace.Steps, trace.PrimaryCommands, trace.ReplicaCommands, Times: 1);
            _primary += entry.PrimaryCommands;
            _replica += entry.ReplicaCommands;
            if (_newestFirst.First is { Value: var newest } && newest.LooksLike(entry))
            {
                _newestFirst.RemoveFirst();
                entry = newest with { At = entry.At, Times = newest.Times + 1 };
            }

            _newestFirst.AddFirst(entry);
            if (_newestFirst.Count > Capacity)
                _newestFirst.RemoveLast();
        }
    }
}
