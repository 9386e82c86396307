using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Requests;

/// <summary>What routing knows of one request type. Computed once per type and container, then shared by all threads.</summary>
/// <remarks>Nothing of the application is in here: what was started inside a request, such as a timer of a connection pool, keeps these for good.</remarks>
internal sealed class RequestInfo(
    Type type, RequestKind kind, bool readFromPrimary = false, TimeSpan? maxStaleness = null, UnusedReplicaWarning? replicaUse = null, bool allowsCommands = false, string? name = null)
{
    private volatile string? _trackedEntity;
    private int _refused;

    public Type Type { get; } = type;

    public RequestKind Kind { get; } = kind;

    /// <summary>Whether its application lets queries send commands.</summary>
    public bool AllowsCommands { get; } = allowsCommands;

    public bool ReadFromPrimary { get; } = readFromPrimary;

    /// <summary>How old what the query reads may be; null for as old as the replica is.</summary>
    public TimeSpan? MaxStaleness { get; } = maxStaleness;

    /// <summary>An entity that the query was seen to track, by name; null if it was not. Such a query begins on the primary, so that one answer does not come from two servers.</summary>
    public string? TrackedEntity => _trackedEntity;

    /// <summary>Watches whether this query type ever reaches the replica; null for what is not a query.</summary>
    public UnusedReplicaWarning? ReplicaUse { get; } = replicaUse;

    public string Name { get; } = name ?? TypeNames.Format(type);

    /// <summary>With the namespace, for what outlives the request: a metric, a log, a report. Three <c>List.Query</c> are three requests.</summary>
    public string FullName { get; } = name ?? TypeNames.WithNamespace(type);

    /// <summary>What its spans are called.</summary>
    public string SpanName { get; } = $"{(kind == RequestKind.Unclassified ? "request" : kind.ToString().ToLowerInvariant())} {TypeNames.Format(type)}";

    /// <exception cref="InvalidOperationException">The type contradicts itself.</exception>
    public static RequestInfo Create(Type type, RoutingOptions options)
    {
        var kind = RequestClassifier.Classify(type, options);
        return new(
            type,
            kind,
            RequestClassifier.ReadsFromPrimary(type),
            RequestClassifier.MaxStalenessOf(type),
            kind == RequestKind.Query ? new UnusedReplicaWarning(TypeNames.WithNamespace(type)) : null,
            options.AllowCommandsInQueries);
    }

    /// <summary>Remembers that the query tracks an entity.</summary>
    /// <returns>Whether that is new. Never for a scope, which is a different query each time.</returns>
    public bool Tracks(string entity) => ReplicaUse is not null && Interlocked.CompareExchange(ref _trackedEntity, entity, null) is null;

    /// <summary>Whether nothing of this type was refused before; then it counts as refused.</summary>
    public bool IsFirstRefusal() => Interlocked.Exchange(ref _refused, 1) == 0;
}
