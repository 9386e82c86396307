using System.Collections.Concurrent;

namespace Cqrs.Routing.Diagnostics;

/// <summary>Remembers which notices were given, so that each is logged once. Thread safe.</summary>
/// <remarks>Bounded: a notice that differs every time would otherwise grow it without end. When it is full, new notices are not logged.</remarks>
internal sealed class LogOnce
{
    private const int MaxNotices = 1000;

    private readonly ConcurrentDictionary<(Type? Context, string Notice), bool> _given = new();

    /// <summary>Returns whether a notice was not given before, and remembers it.</summary>
    /// <param name="notice">The notice, or what stands for it.</param>
    /// <param name="context">The context type that it is about, where it is given once for each.</param>
    public bool IsFirst(string notice, Type? context = null) =>
        !_given.ContainsKey((context, notice)) && _given.Count < MaxNotices && _given.TryAdd((context, notice), true);
}
