using System.Collections.Concurrent;

namespace Cqrs.Routing.Diagnostics;

/// <summary>Records which notices were given, so that each is logged once. Thread safe.</summary>
/// <remarks>The number of notices is bounded, because notices that differ each time would otherwise fill the memory. When the limit is reached, new notices are not logged.</remarks>
internal sealed class LogOnce
{
    private const int MaxNotices = 1000;

    private readonly ConcurrentDictionary<(Type? Context, string Notice), bool> _given = new();

    /// <summary>Returns whether a notice was not given before, and records it.</summary>
    /// <param name="notice">The notice, or a key for it.</param>
    /// <param name="context">The context type of the notice, if it is given once per context type; otherwise null.</param>
    public bool IsFirst(string notice, Type? context = null) =>
        !_given.ContainsKey((context, notice)) && _given.Count < MaxNotices && _given.TryAdd((context, notice), true);
}
