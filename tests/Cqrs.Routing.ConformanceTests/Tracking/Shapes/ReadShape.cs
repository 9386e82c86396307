using Cqrs.Routing.ConformanceTests.Tracking.Model;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>One way to read, and whether EF tracks what it returns. It tells the name that it saw: each server knows everything under another.</summary>
public sealed record ReadShape(string Name, bool Tracks, Func<TrackingContext, Task<string>> Read)
{
    /// <summary>How many commands it sends.</summary>
    public int Commands { get; init; } = 1;

    /// <summary>How the application sets its context up.</summary>
    public Action<DbContextOptionsBuilder>? Configure { get; init; }

    /// <summary>Null if the provider of a context can do it; else the reason to skip.</summary>
    public Func<TrackingContext, string?> SkipReason { get; init; } = _ => null;

    /// <summary>EF tracks what it reads: it is served by the primary.</summary>
    public static ReadShape Tracked(string name, Func<TrackingContext, Task<string>> read) => new(name, Tracks: true, read);

    /// <summary>EF tracks nothing of it: it is served by the replica.</summary>
    public static ReadShape Untracked(string name, Func<TrackingContext, Task<string>> read) => new(name, Tracks: false, read);
}
