using System.Collections.Concurrent;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>
/// Detects context types that no query uses, in an application that has not declared any queries yet. Singleton in EF Core's internal service
/// provider; thread safe.
/// </summary>
internal sealed class IdleReplicaWarning
{
    private readonly ConcurrentDictionary<Type, Sighting> _contexts = new();

    public Sighting Of(Type context) => _contexts.GetOrAdd(context, static _ => new());

    /// <summary>The state of one context type.</summary>
    public sealed class Sighting
    {
        /// <summary>The number of uses without a query before the warning is logged. A start with its migrations needs fewer.</summary>
        public const int Threshold = 500;

        private int _uses;
        private volatile bool _settled;

        /// <summary>Returns whether to warn that no query was seen. Returns true at most once.</summary>
        public bool IsMissing(bool isQuery)
        {
            if (_settled)
                return false;
            if (!isQuery && Interlocked.Increment(ref _uses) < Threshold)
                return false;

            _settled = true;
            return !isQuery;
        }
    }
}
