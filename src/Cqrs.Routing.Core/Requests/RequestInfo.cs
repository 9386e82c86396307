using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Requests;

/// <summary>What routing knows of one request type. Computed once per type and container, then shared by all threads.</summary>
/// <remarks>Nothing of the application is in here: what was started inside a request, such as a timer of a connection pool, keeps these for good.</remarks>
internal sealed class RequestInfo(Type type, RequestKind kind, bool readFromPrimary = false, TimeSpan? maxStaleness = null, UnusedReplicaWarning? replicaUse = null, bool allowsCommands = false)
{
    /// <summary>Reads in <see cref="RouteScope.BeginQuery"/>, which have no request type of their own.</summary>
    public static readonly RequestInfo QueryScope = new(typeof(RouteScope), RequestKind.Query);

    /// <summary>Work inside <see cref="RouteScope.BeginCommand"/>.</summary>
    public static readonly RequestInfo CommandScope = new(typeof(RouteScope), RequestKind.Command);

    /// <summary>Work inside <see cref="RouteScope.ForcePrimary"/>.</summary>
    public static readonly RequestInfo ForcedScope = new(typeof(RouteScope), RequestKind.Unclassified);

    /// <summary>Work inside <see cref="RoutingSession.Begin"/>.</summary>
    public static readonly RequestInfo SessionScope = new(typeof(RoutingSession), RequestKind.Unclassified);

    /// <summary>Work inside <see cref="RouteScope.Suppress"/>.</summary>
    public static readonly RequestInfo SuppressedScope = new(typeof(RouteScope), RequestKind.Unclassified);

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

    public string Name { get; } = type == typeof(RouteScope) ? NameOf(kind) : TypeNames.Of(type);

    /// <summary>With the namespace, for what outlives the request: a metric, a log, a report. Three <c>List.Query</c> are three requests.</summary>
    public string FullName { get; } = type == typeof(RouteScope) ? NameOf(kind) : TypeNames.WithNamespace(type);

    /// <summary>What its spans are called.</summary>
    public string SpanName { get; } = $"{(kind == RequestKind.Unclassified ? "request" : kind.ToString().ToLowerInvariant())} {TypeNames.Of(type)}";

    /// <exception cref="InvalidOperationException">The type contradicts itself.</exception>
    public static RequestInfo Of(Type type, RoutingOptions options)
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
    /// <returns>Whether that is new. Never for a <see cref="RouteScope"/>, which is a different query each time.</returns>
    public bool Tracks(string entity) => ReplicaUse is not null && Interlocked.CompareExchange(ref _trackedEntity, entity, null) is null;

    /// <summary>Whether nothing of this type was refused before; then it counts as refused.</summary>
    public bool IsFirstRefusal() => Interlocked.Exchange(ref _refused, 1) == 0;

    private static string NameOf(RequestKind scope)
    {
        var method = scope switch
        {
            RequestKind.Query => nameof(RouteScope.BeginQuery),
            RequestKind.Command => nameof(RouteScope.BeginCommand),
            _ => nameof(RouteScope.ForcePrimary),
        };
        return $"{nameof(RouteScope)}.{method}()";
    }
}
