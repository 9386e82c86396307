namespace Cqrs.Routing.Routing;

/// <summary>What routing knows of one request type. Computed once per type and container, then shared by all threads.</summary>
internal class RequestTraits(Type type, RequestKind kind, bool readFromPrimary, ReplicaUse? replicaUse)
{
    /// <summary>Reads in <see cref="RouteScope.BeginQuery"/>, which have no request type of their own.</summary>
    public static readonly RequestTraits QueryScope = new(typeof(RouteScope), RequestKind.Query, readFromPrimary: false, replicaUse: null);

    /// <summary>Work inside <see cref="RouteScope.ForcePrimary"/>.</summary>
    public static readonly RequestTraits ForcedScope = new(typeof(RouteScope), RequestKind.Unmarked, readFromPrimary: false, replicaUse: null);

    public Type Type { get; } = type;

    public RequestKind Kind { get; } = kind;

    public bool ReadFromPrimary { get; } = readFromPrimary;

    /// <summary>Watches whether this query type ever reaches the replica; null for what is not a query.</summary>
    public ReplicaUse? ReplicaUse { get; } = replicaUse;

    public string Name { get; } = type == typeof(RouteScope)
        ? $"{nameof(RouteScope)}.{(kind == RequestKind.Query ? nameof(RouteScope.BeginQuery) : nameof(RouteScope.ForcePrimary))}()"
        : DisplayName.Of(type);
}
