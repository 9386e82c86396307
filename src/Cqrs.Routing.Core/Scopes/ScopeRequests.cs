using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>Holds the request information of scopes, which have no request type.</summary>
internal static class ScopeRequests
{
    /// <summary>The request of reads inside <see cref="RouteScope.BeginQuery()"/>.</summary>
    public static readonly RequestInfo Query = Create(RequestKind.Query, nameof(RouteScope.BeginQuery));

    /// <summary>The request of work inside <see cref="RouteScope.BeginCommand()"/>.</summary>
    public static readonly RequestInfo Command = Create(RequestKind.Command, nameof(RouteScope.BeginCommand));

    /// <summary>The request of work inside <see cref="RouteScope.ForcePrimary"/>.</summary>
    public static readonly RequestInfo Forced = Create(RequestKind.Unclassified, nameof(RouteScope.ForcePrimary));

    /// <summary>The request of work inside <see cref="RouteScope.Suppress"/>.</summary>
    public static readonly RequestInfo Suppressed = Create(RequestKind.Unclassified, nameof(RouteScope.Suppress));

    /// <summary>The request of work inside <see cref="RoutingSession.Begin"/>.</summary>
    public static readonly RequestInfo Session = new(typeof(RoutingSession), RequestKind.Unclassified);

    private static RequestInfo Create(RequestKind kind, string method) => new(typeof(RouteScope), kind, name: $"{nameof(RouteScope)}.{method}()");
}
