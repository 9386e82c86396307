using System.Collections.Concurrent;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>Notices contexts that no query ever uses, in an application that has not declared any yet. Singleton in EF's internal service provider; thread safe.</summary>
internal sealed class IdleReplicaWarning
{
    private readonly ConcurrentDictionary<Type, Sighting> _contexts = new();

    public Sighting Of(Type context) => _contexts.GetOrAdd(context, static _ => new());

    /// <summary>What is known of one context type.</summary>
    public sealed class Sighting
    {
        /// <summary>Uses without a query before that is worth a line: more than a start and its migrations need.</summary>
        public const int Threshold = 500;

        private int _uses;
        private volatile bool _settled;

        /// <summary>Whether it is time to say that no query was seen; so once.</summary>
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
