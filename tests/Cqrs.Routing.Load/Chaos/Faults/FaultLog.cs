namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>What was injected, and what the queries made of it. Thread safe.</summary>
internal sealed class FaultLog
{
    private readonly Lock _gate = new();
    private readonly List<FaultSpan> _felt = [];
    private readonly SortedDictionary<string, FaultCount> _counts = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
                return _counts.Values.Sum(count => count.Injected);
        }
    }

    /// <summary>The faults that may be felt now, for messages.</summary>
    public string Felt
    {
        get
        {
            lock (_gate)
                return string.Join(" + ", Drain().Select(fault => fault.Name)) is { Length: > 0 } names ? names : "no fault";
        }
    }

    public FaultSpan Begin(string name)
    {
        var span = new FaultSpan(name);
        lock (_gate)
        {
            Drain().Add(span);
            Of(name).Injected++;
        }

        return span;
    }

    /// <summary>A query failed: what is felt now has hurt.</summary>
    public void Failed()
    {
        lock (_gate)
        {
            foreach (var span in Drain().Where(span => !span.Hurt))
            {
                span.Hurt = true;
                Of(span.Name).Hurt++;
            }
        }
    }

    /// <summary>A query ran on the primary instead: because of what came last.</summary>
    public void FellBack(string stage)
    {
        lock (_gate)
        {
            if (Drain() is [.., var last])
                Of(last.Name).FellBack(stage);
        }
    }

    public IEnumerable<string> ToRows()
    {
        lock (_gate)
            return [.. _counts.Select(count => $"| {count.Key} | {count.Value} |")];
    }

    private List<FaultSpan> Drain()
    {
        _felt.RemoveAll(span => !span.IsFelt);
        return _felt;
    }

    private FaultCount Of(string name) => _counts.TryGetValue(name, out var count) ? count : _counts[name] = new();
}
