using System.Diagnostics;

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>One fault that was injected. Disposed when it is over.</summary>
internal sealed class FaultSpan(string name) : IDisposable
{
    // What it did to a query may show a little later.
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private long _end;

    public string Name => name;

    /// <summary>Whether a query failed meanwhile.</summary>
    public bool Hurt { get; set; }

    public bool IsFelt => _end == 0 || Stopwatch.GetElapsedTime(_end) < Echo;

    public void Dispose() => _end = Stopwatch.GetTimestamp();
}
