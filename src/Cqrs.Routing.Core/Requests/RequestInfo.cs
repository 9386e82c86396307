using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Requests;

/// <summary>Holds the routing properties of one request type. Computed once per type and container, then shared by all threads.</summary>
/// <remarks>It holds no references to the application. Work that was started inside a request, such as a timer of a connection pool, keeps this object alive permanently.</remarks>
internal sealed class RequestInfo(
    Type type, RequestKind kind, bool readFromPrimary = false, TimeSpan? maxStaleness = null, UnusedReplicaWarning? replicaUse = null, bool allowsCommands = false,
    string? name = null, string? group = null)
{
    private volatile string? _trackedEntity;
    private int _refused;

    public Type Type { get; } = type;

    public RequestKind Kind { get; } = kind;

    /// <summary>Gets the name that stands for all scopes of its kind; null for a request type.</summary>
    public string? Group { get; } = group;

    /// <summary>Gets whether its application allows queries to send commands.</summary>
    public bool AllowsCommands { get; } = allowsCommands;

    public bool ReadFromPrimary { get; } = readFromPrimary;

    /// <summary>Gets the maximum age of the data that the query reads; null for no limit.</summary>
    public TimeSpan? MaxStaleness { get; } = maxStaleness;

    /// <summary>
    /// Gets the name of an entity type that the query tracked; null if it tracked none. Such a query begins on the primary, so that one answer does not mix two servers.
    /// </summary>
    public string? TrackedEntity => _trackedEntity;

    /// <summary>Gets the check whether this query type ever uses the replica; null for a type that is not a query.</summary>
    public UnusedReplicaWarning? ReplicaUse { get; } = replicaUse;

    public string Name { get; } = name ?? TypeNames.Format(type);

    /// <summary>Gets the name with the namespace, for data that outlives the request: a metric, a log, a report. Three <c>List.Query</c> types are three request types.</summary>
    public string FullName { get; } = name ?? TypeNames.WithNamespace(type);

    /// <summary>Gets the name of its spans.</summary>
    public string SpanName { get; } = $"{(kind == RequestKind.Unclassified ? "request" : kind.ToString().ToLowerInvariant())} {name ?? TypeNames.Format(type)}";

    /// <exception cref="InvalidOperationException">The type is both a query and a command, or has an attribute that no replica can satisfy.</exception>
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

    /// <summary>Records that the query tracks an entity type.</summary>
    /// <returns>Whether that is new. It is never new for a scope, which is a different query each time.</returns>
    public bool Tracks(string entity) => ReplicaUse is not null && Interlocked.CompareExchange(ref _trackedEntity, entity, null) is null;

    /// <summary>Returns whether this is the first refusal for this type, and records it.</summary>
    public bool IsFirstRefusal() => Interlocked.Exchange(ref _refused, 1) == 0;
}
