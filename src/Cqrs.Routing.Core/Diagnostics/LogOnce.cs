using System.Collections.Concurrent;

namespace Cqrs.Routing.Diagnostics;

/// <summary>Remembers what was already said, so that a log line comes once per context type and not once per context. Thread safe.</summary>
internal sealed class LogOnce
{
    private readonly ConcurrentDictionary<(Type Context, string Notice), bool> _given = new();

    public bool First(Type context, string notice) => _given.TryAdd((context, notice), true);
}
