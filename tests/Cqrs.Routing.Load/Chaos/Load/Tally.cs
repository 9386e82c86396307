using Cqrs.Routing.Load.Chaos.Faults;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>What all workers of a pass saw. Thread safe.</summary>
internal sealed class Tally(FaultLog faults)
{
    private const int MaxExamples = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string What), int> _examples = [];
    private readonly Dictionary<string, ShapeCount> _shapes = QueryShape.All.ToDictionary(shape => shape.Name, _ => new ShapeCount());

    public int Queries => Sum(shape => shape.Queries);

    public int Failed => Sum(shape => shape.Failed);

    /// <summary>Streams that broke after their first element, which are not failures: rule 6 says that they are not run again.</summary>
    public int Broken => Sum(shape => shape.Broken);

    /// <summary>Answers that missed what their session had written, or showed less of that than an earlier one.</summary>
    public int Stale { get; private set; }

    /// <summary>Answers that showed less of what others wrote than an earlier one of their session: by default that is given up once the standby has the session's own writes (ADR 15).</summary>
    public int WentBack { get; private set; }

    /// <summary>Answers that no state of the database can give: uncommitted, or incomplete.</summary>
    public int Wrong { get; private set; }

    public int Commands { get; private set; }

    public int CommandsFailed { get; private set; }

    /// <summary>Readings that the standby answered.</summary>
    public int OnReplica { get; private set; }

    public int Readings { get; private set; }

    public IEnumerable<string> ToRows()
    {
        lock (_gate)
            return [.. _shapes.Select(shape => $"| {shape.Key} | {shape.Value} |")];
    }

    public IReadOnlyList<string> Examples
    {
        get
        {
            lock (_gate)
                return [.. _examples.Select(example => $"{example.Value} x {example.Key.Kind}: {example.Key.What}")];
        }
    }

    public void Asked(QueryShape shape, TimeSpan took, Exception? error)
    {
        lock (_gate)
        {
            var count = _shapes[shape.Name];
            count.Queries++;
            count.Total += took;
            if (took > count.Slowest)
                count.Slowest = took;
            if (error is BrokenStreamException)
                count.Broken++;
            else if (error is not null)
                count.Failed++;
        }

        if (error is null or BrokenStreamException)
            return;

        Example("query failed", $"{shape.Name} ({faults.Felt}): {Brief(error)}");
        faults.Failed();
    }

    public void Read(bool onReplica)
    {
        lock (_gate)
        {
            Readings++;
            OnReplica += onReplica ? 1 : 0;
        }
    }

    public void WasStale(string what)
    {
        lock (_gate)
            Stale++;
        Example("stale", $"{what} ({faults.Felt})");
    }

    public void SawOthersGoBack()
    {
        lock (_gate)
            WentBack++;
    }

    public void WasWrong(string what)
    {
        lock (_gate)
            Wrong++;
        Example("wrong", $"{what} ({faults.Felt})");
    }

    public void Performed(Exception? error, string what)
    {
        lock (_gate)
        {
            Commands++;
            CommandsFailed += error is null ? 0 : 1;
        }

        if (error is not null)
            Example("command failed", $"{what} ({faults.Felt}): {Brief(error)}");
    }

    // The first few of each kind.
    private void Example(string kind, string what)
    {
        lock (_gate)
        {
            if (_examples.ContainsKey((kind, what)) || _examples.Keys.Count(example => example.Kind == kind) < MaxExamples)
                _examples[(kind, what)] = _examples.GetValueOrDefault((kind, what)) + 1;
        }
    }

    private static string Brief(Exception error)
    {
        var chain = new List<string>();
        for (var current = error; current is not null; current = current.InnerException)
            chain.Add($"{current.GetType().Name}: {current.Message}");
        // Where it came from tells more than the message, except where nothing was to be done about it.
        return string.Join(" <- ", chain) + (error is ReplicaUnavailableException ? "" : Environment.NewLine + error.StackTrace);
    }

    private int Sum(Func<ShapeCount, int> what)
    {
        lock (_gate)
            return _shapes.Values.Sum(what);
    }
}
